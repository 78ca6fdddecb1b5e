import { after } from 'next/server'
import { endpointDeps } from '#lib/endpoints/deps'
import { answerByPath } from '#lib/endpoints/find-endpoint'

export const maxDuration = 120

export function POST(request: Request): Promise<Response> {
  return answerByPath(request, endpointDeps(after))
}

export function DELETE(request: Request): Promise<Response> {
  return answerByPath(request, endpointDeps(after))
}

export function GET(request: Request): Promise<Response> {
  return answerByPath(request, endpointDeps(after))
}
