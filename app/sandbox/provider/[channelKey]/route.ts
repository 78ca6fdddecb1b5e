import { answerProviderCall } from '#lib/sandbox/provider'
import { mount } from '../../_parts/mount'

export const maxDuration = 120

type Context = { params: Promise<{ channelKey: string }> }

/** The provider behind the visitor's chat page takes a teammate's reply. */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  const { channelKey } = await params
  return mount('sandbox/provider', (deps) => answerProviderCall(request, channelKey, deps))
}
