import { after } from 'next/server'
import { endpointDeps } from '#lib/endpoints/deps'
import { answerByPath } from '#lib/endpoints/find-endpoint'

export const maxDuration = 120

export function PUT(request: Request): Promise<Response> {
  return answerByPath(request, endpointDeps(after))
}

export function PATCH(request: Request): Promise<Response> {
  return answerByPath(request, endpointDeps(after))
}
