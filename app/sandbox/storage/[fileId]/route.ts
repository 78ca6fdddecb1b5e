import { answerStorageCall } from '#lib/sandbox/storage'
import { mount } from '../../_parts/mount'

export const maxDuration = 120

type Context = { params: Promise<{ fileId: string }> }

/** The storage that the sandbox's downloads lead to. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { fileId } = await params
  return mount('sandbox/storage', (deps) => answerStorageCall(request, fileId, deps))
}
