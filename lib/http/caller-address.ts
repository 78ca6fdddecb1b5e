const LONGEST_ADDRESS = 64

/**
 * The address a call came from. Our own server (or Vercel) puts the peer's address last in `X-Forwarded-For`; each
 * trusted proxy in front of it added one more before that. What stands further left is the caller's own claim.
 */
export function callerAddress(headers: Headers, trustedProxies: number): string | null {
  const hops = (headers.get('x-forwarded-for') ?? '').split(',').flatMap((hop) => hop.trim() || [])
  const address = hops.at(-1 - trustedProxies) ?? hops[0]
  return address ? address.slice(0, LONGEST_ADDRESS) : null
}
