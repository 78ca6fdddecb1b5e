import { after } from 'next/server'
import { currentUser } from '#lib/auth'
import { endpointDeps } from '#lib/endpoints/deps'
import { oauthConsentEndpoint } from '#lib/endpoints/oauth-consent'

export const maxDuration = 120

type Context = { params: Promise<{ appKey: string }> }

export async function POST(request: Request, { params }: Context): Promise<Response> {
  const { appKey } = await params
  return oauthConsentEndpoint(request, { appKey, person: await currentUser() }, endpointDeps(after))
}
