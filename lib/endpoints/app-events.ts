import { answerAuthorization, answerListAddresses } from '#lib/endpoints/app-connecting'
import { answerImported, answerMessage } from '#lib/endpoints/app-messages'
import { answerDelete } from '#lib/endpoints/app-removal'
import { type AppCall, type AppVisit, atTheAppDoor } from '#lib/endpoints/at-the-app-door'
import type { EndpointDeps } from '#lib/endpoints/deps'
import { readSignedCall, type SignedEvent } from '#lib/endpoints/read-app-event'
import { noteAppCall } from '#lib/flows/note-app-call'
import { ACKNOWLEDGED } from '#lib/front/replies'

type Params = { appKey: string; channelKey?: string }

const LONGEST_CHALLENGE = 1000

/**
 * `POST|DELETE /api/front/apps/{appKey}` and `.../channels/{channelKey}`: all that Front tells an app (F2 to F7, F11).
 * Both addresses take every event, since Front lets them be the same. Answered within 6.5 s whatever happens, and what was
 * not stored by then never will be.
 */
export function appEventsEndpoint(request: Request, params: Params, deps: EndpointDeps): Promise<Response> {
  const { appKey, channelKey = null } = params
  if (request.method !== 'POST' && request.method !== 'DELETE') return Promise.resolve(refuseMethod())
  return atTheAppDoor({ request, appKey, channelKey, deps } satisfies AppVisit, async (call) => {
    const { variant, read } = await readSignedCall(call)
    const { door, credential } = call
    const noted = { door, signatureVariant: variant, credentialVariant: credential.variant, now: deps.now() }
    await noteAppCall(deps.db, noted)
    const signed = read()
    call.answering.isRead = true
    return Response.json(await answer(call, signed), { headers: { 'cache-control': 'no-store' } })
  })
}

async function answer(call: AppCall, signed: SignedEvent): Promise<unknown> {
  const { event } = signed
  switch (event.type) {
    case 'authorization':
      return answerAuthorization(call, { ...signed, event })
    case 'list_addresses':
      return answerListAddresses(call, event)
    case 'message':
    case 'message_autoreply':
      return answerMessage(call, { ...signed, event })
    case 'message_imported':
      return answerImported(call, event)
    case 'delete':
      return answerDelete(call, { ...signed, event })
    case 'sync':
      return answerChallenge(call)
    case 'unknown': {
      const message = `Front sent an event of the type “${event.name}”, which Patchbay does not know. It was answered and left alone.`
      await call.keep({ status: 200, code: 'unknown_event', message })
      return {}
    }
  }
}

/** Front checks the address of an app's webhook feature by having its challenge echoed. */
function answerChallenge({ request }: AppCall) {
  const challenge = request.headers.get('x-front-challenge')?.slice(0, LONGEST_CHALLENGE)
  return challenge ? { challenge } : ACKNOWLEDGED
}

function refuseMethod(): Response {
  const message = 'Front posts its events to this address. There is nothing to see by other methods.'
  return Response.json({ type: 'bad_request', message }, { status: 405, headers: { allow: 'POST, DELETE' } })
}
