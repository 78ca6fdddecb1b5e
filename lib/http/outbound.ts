import { env } from '#lib/env'
import type { OpenUrl } from '#lib/front/download'
import type { SendToFront } from '#lib/front/transport'
import { type GuardedAgent, guardedAgent } from '#lib/http/guarded-agent'
import { openHttp } from '#lib/http/open'
import { type SendHttp, sendHttp } from '#lib/http/send'

/** Enough for a page of Front's lists. */
export const LIST_BYTES = 2_000_000

let guard: GuardedAgent | undefined

/** Which addresses this installation may call: the sandbox is part of ourselves, wherever we are. */
export function outboundGuard(): GuardedAgent {
  const { ALLOW_PRIVATE_ADDRESSES, SANDBOX, PUBLIC_URL } = env()
  guard ??= guardedAgent({
    allowPrivate: ALLOW_PRIVATE_ADDRESSES === 'yes',
    allowedOrigins: SANDBOX === 'on' ? [new URL(PUBLIC_URL).origin] : [],
  })
  return guard
}

/** The way out for everything that Patchbay sends. */
export function outboundTransport(): SendHttp {
  return (request, limits) => sendHttp(request, { ...limits, guard: outboundGuard() })
}

/** The same for calls to Front whose answers are lists. */
export function outboundToFront(): SendToFront {
  const send = outboundTransport()
  return async (request) => {
    const { answer, failure } = await send(request, { maxAnswerBytes: LIST_BYTES })
    return failure ? { kind: 'failed', message: failure.message } : { kind: 'answered', answer }
  }
}

/** Opens a download as a stream, through the same guard. */
export function outboundDownload(): OpenUrl {
  return (request) => openHttp(request, { guard: outboundGuard() })
}
