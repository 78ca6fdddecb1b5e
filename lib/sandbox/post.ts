import type { SendHttp } from '#lib/http/send'

/** What came of one call that the sandbox made. */
export type PostResult = { kind: 'answered'; status: number; body: string } | { kind: 'failed'; message: string }

type Post = { url: string; headers: Record<string, string>; body: string | FormData; timeoutMs: number }

/** Posts once, follows no redirect and never throws for what the other side does. */
export async function post(send: SendHttp, { timeoutMs, ...request }: Post): Promise<PostResult> {
  const { answer, failure } = await send({ method: 'POST', ...request }, { timeoutMs, maxAnswerBytes: 2000 })
  return failure
    ? { kind: 'failed', message: failure.message }
    : { kind: 'answered', status: answer.status, body: answer.body }
}
