/** What came of one call that the sandbox made. */
export type PostResult = { kind: 'answered'; status: number; body: string } | { kind: 'failed'; message: string }

type Post = { url: string; headers: Record<string, string>; body: string | FormData; timeoutMs: number }

const KEPT_CHARACTERS = 2000

/** Posts once, follows no redirect and never throws for what the other side does. */
export async function post({ url, headers, body, timeoutMs }: Post): Promise<PostResult> {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal, cache: 'no-store' })
    return { kind: 'answered', status: response.status, body: (await response.text()).slice(0, KEPT_CHARACTERS) }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const late = error.name === 'TimeoutError'
    return {
      kind: 'failed',
      message: late ? `No answer within ${timeoutMs / 1000} s.` : `No connection: ${why(error)}.`,
    }
  }
}

function why(error: Error): string {
  const { cause } = error
  if (!(cause instanceof Error)) return error.message
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message
}
