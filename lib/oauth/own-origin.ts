import { env } from '#lib/env'

/** Our own origin where the sandbox plays Front and may be led back to; null elsewhere. */
export function ownOrigin(): string | null {
  const { SANDBOX, PUBLIC_URL } = env()
  return SANDBOX === 'on' ? new URL(PUBLIC_URL).origin : null
}
