import { newId } from '#db/ids'
import type { SandboxApp } from '#db/queries/sandbox-apps'
import { insertSandboxCall } from '#db/queries/sandbox-calls'
import { signApplication } from '#lib/front/signature'
import { type AppAnswer, readAppAnswer } from '#lib/sandbox/apps/answers'
import type { SandboxDeps } from '#lib/sandbox/deps'
import { takeFaults } from '#lib/sandbox/faults'
import { post } from '#lib/sandbox/post'
import { unseal } from '#lib/secrets'

/** Front gives an app seven seconds, and never asks again. */
const TIMEOUT_MS = 7000
/** A page of addresses is the longest answer. */
const MOST_ANSWER_BYTES = 100_000

/** What is known of Front's `delete` leaves four forms open: the method, the body, and what is signed. */
export const DELETE_FORMS = ['delete', 'delete_with_body', 'delete_signed_body', 'post'] as const
export type DeleteForm = (typeof DELETE_FORMS)[number]

export type AppEvent = { type: string; payload?: unknown; metadata?: unknown }

type Call = {
  app: SandboxApp
  /** Headers that show the credential. */
  credential: Record<string, string>
  url: string
  event: AppEvent
  form?: DeleteForm
}

/** Tells an app's server of something (F2 to F7): signed with the app secret, once, and written into the call log. */
export async function postEvent(
  deps: SandboxDeps,
  { app, credential, url, event, form = 'post' }: Call,
): Promise<AppAnswer> {
  const startedMs = performance.now()
  const method = form === 'post' ? ('POST' as const) : ('DELETE' as const)
  const json = JSON.stringify(event)
  const body = form === 'delete' ? null : json
  const signed = form === 'delete' || form === 'delete_with_body' ? 'undefined' : json
  const timestamp = String(deps.now.getTime())
  const headers = {
    ...(body === null ? {} : { 'content-type': 'application/json' }),
    ...credential,
    'user-agent': 'Sandbox (stands in for Front)',
    'x-front-request-timestamp': timestamp,
    'x-front-signature': signApplication(signed, timestamp, await secretFor(deps, app, event)),
  }
  const result = await post(deps.send, {
    method,
    url,
    headers,
    body,
    timeoutMs: TIMEOUT_MS,
    maxAnswerBytes: MOST_ANSWER_BYTES,
  })
  const answer = readAppAnswer(result)
  await insertSandboxCall(deps.db, {
    id: newId(),
    direction: 'to_app',
    method,
    path: url.slice(0, 500),
    event: event.type,
    status: result.kind === 'answered' ? result.status : 0,
    error: answer.ok ? null : answer.reason.slice(0, 1000),
    warnings: [],
    tookMs: Math.round(performance.now() - startedMs),
    createdAt: deps.now,
  })
  return answer
}

async function secretFor(deps: SandboxDeps, app: SandboxApp, { type }: AppEvent): Promise<string> {
  const isReply = type === 'message' || type === 'message_autoreply'
  const { fault } = isReply
    ? await takeFaults(deps, { side: 'front', kinds: ['wrong_signature'], isIntake: true })
    : { fault: null }
  return fault ? 'a secret that is not the right one' : unseal(app.secretSealed, deps.keys)
}
