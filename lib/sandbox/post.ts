import type { SendHttp } from '#lib/http/send'

/** What came of one call that the sandbox made. */
export type PostResult = { kind: 'answered'; status: number; body: string } | { kind: 'failed'; message: string }

type Post = {
  method?: 'POST' | 'DELETE'
  url: string
  headers: Record<string, string>
  body: string | FormData | null
  timeoutMs: number
  /** How much of the answer is read. */
  maxAnswerBytes?: number
}

/** Calls once, follows no redirect and never throws for what the other side does. */
export async function post(
  send: SendHttp,
  { method = 'POST', timeoutMs, maxAnswerBytes = 2000, ...request }: Post,
): Promise<PostResult> {
  const { answer, failure } = await send({ method, ...request }, { timeoutMs, maxAnswerBytes })
  return failure
    ? { kind: 'failed', message: failure.message }
    : { kind: 'answered', status: answer.status, body: answer.body }
}
