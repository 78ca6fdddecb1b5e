import { answerFrontCall } from '#lib/sandbox/front/api'
import { mount } from '../../_parts/mount'

export const maxDuration = 120

/** The stand-in for Front's API. */
function answer(request: Request): Promise<Response> {
  return mount('sandbox/front', (deps) => answerFrontCall(request, segmentsOf(request), deps))
}

export { answer as DELETE, answer as GET, answer as PATCH, answer as POST, answer as PUT }

/** Read off the address itself, so that an escaped `:` or `/` arrives as it was meant. */
function segmentsOf(request: Request): string[] {
  const path = new URL(request.url).pathname.replace(/^\/sandbox\/front\//, '')
  return path.split('/').map((part) => {
    try {
      return decodeURIComponent(part)
    } catch {
      return part
    }
  })
}
