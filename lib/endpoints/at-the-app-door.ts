import { type AppDoor, findAppDoor } from '#db/queries/app-doors'
import type { CredentialVariant } from '#db/schema/connections'
import type { EndpointDeps } from '#lib/endpoints/deps'
import { type Keep, keepCall, keepRefusal, slowStrangersDown } from '#lib/endpoints/keep-call'
import { describeSignatureFault } from '#lib/endpoints/signature-words'
import { AppError } from '#lib/errors'
import { tooLate } from '#lib/flows/before-deadline'
import { readCredentials } from '#lib/front/credentials'
import { frontError } from '#lib/front/replies'
import { describeError } from '#lib/http/failures'
import { openBody, type RequestBody } from '#lib/http/read-body'
import { toRefusal } from '#lib/http/respond'
import { type FrontAnswering, respondToFront } from '#lib/http/respond-to-front'
import { startTimeLimit, type TimeLimit, withinLimit } from '#lib/http/time-limit'
import { log } from '#lib/log'
import { hashToken } from '#lib/secrets'

/** Front waits 7 s. What is not stored after this is not stored at all ... */
const STORED_MS = 5500
/** ... and after this an answer goes out whatever the database does. */
const ANSWERED_MS = 6000

export type AppVisit = { request: Request; appKey: string; channelKey: string | null; deps: EndpointDeps }

export type AppCall = {
  request: Request
  deps: EndpointDeps
  door: AppDoor
  /** Whether the URL names a channel, be it one that is there or not. */
  namesChannel: boolean
  /** Whether any credential was shown, and the form of the one that `door.connection` was found by. */
  credential: { isShown: boolean; variant: CredentialVariant | null }
  body: RequestBody
  /** Set once the call is verified and understood. */
  answering: FrontAnswering
  timeLimit: TimeLimit
  /** Keeps this call in the log of requests; the answer does not rest on it. */
  keep: Keep
  /** A message that was stored: if the answer comes too late for Front, people are told. */
  stored: { messageId: string | null }
}

/**
 * Every call to an app's public addresses: finds the app and, where the URL names one, its channel; does the work; keeps
 * what it refused. Front always gets its answer in time, and typed.
 */
export function atTheAppDoor(visit: AppVisit, work: (call: AppCall) => Promise<Response>): Promise<Response> {
  const answering: FrontAnswering = { mode: 'ok', isRead: false }
  const [timeLimit, answerLimit] = [startTimeLimit(STORED_MS), startTimeLimit(ANSWERED_MS)]
  const stored: AppCall['stored'] = { messageId: null }
  return respondToFront(`app:${visit.request.method}`, answering, async () => {
    const pass = enter({ ...visit, answering, timeLimit, answerLimit, stored }, work)
    const answer = await withinLimit(answerLimit, pass, () => null)
    if (answer) return answer
    log('error', 'endpoint.answered_without_storing', { app: visit.appKey })
    pass.catch((error) => {
      if (!(error instanceof AppError)) log('error', 'endpoint.failed_late', describeError(error))
    })
    throw tooLate()
  })
}

type Entering = AppVisit & Pick<AppCall, 'answering' | 'timeLimit' | 'stored'> & { answerLimit: TimeLimit }

async function enter(visit: Entering, work: (call: AppCall) => Promise<Response>): Promise<Response> {
  const { request, appKey, channelKey, deps, answering, timeLimit, answerLimit, stored } = visit
  const startedAt = deps.now()
  const shown = readCredentials(request.headers).map((one) => ({ ...one, hash: hashToken(one.token) }))
  const tokenHashes = shown.map(({ hash }) => hash)
  const door = await findAppDoor(deps.db, { appKey, channelKey, tokenHashes, now: startedAt })
  if (!door) throw new AppError('not_found', 'There is no app at this address.')
  answering.mode = door.errorStatus
  const variant = shown.find(({ hash }) => hash === door.connection?.tokenHash)?.form ?? null
  const body = openBody(request)
  const place = { channelId: door.channel?.id ?? null, appId: door.id, direction: 'outbound' as const }
  const keepNow: Keep = (verdict) => keepCall({ request, body, deps, startedAt, place }, verdict)
  const keep: Keep = (verdict) => withinLimit(answerLimit, keepNow(verdict).catch(logUnkept), () => undefined)
  const credential = { isShown: shown.length > 0, variant }
  const namesChannel = channelKey !== null
  const call = { request, deps, door, namesChannel, credential, body, answering, timeLimit, keep, stored }
  try {
    const answer = await work(call)
    if (answerLimit.leftMs() <= 0 && stored.messageId) await keepNow(lateVerdict(stored.messageId))
    return answer
  } catch (error) {
    // Once the signature is right it is Front, and its users must be told each time that the key has ended.
    if (!answering.isRead) await slowStrangersDown({ request, deps, id: door.id }, error)
    await keepRefusal(keep, error, told(error, answering))
    throw error
  } finally {
    await body.close()
  }
}

/** The status that Front gets, and what people are told beyond it. */
function told(error: unknown, answering: FrontAnswering) {
  const { status } = frontError(toRefusal(error), answering)
  const fault = describeSignatureFault(error, 'app')
  return fault === null ? { status } : { status, message: fault }
}

function lateVerdict(messageId: string) {
  const message = 'The message was stored after Front had been told that it failed.'
  return { status: 200, code: 'answered_late', message, messageId }
}

function logUnkept(error: unknown): void {
  log('error', 'endpoint.request_not_kept', describeError(error))
}
