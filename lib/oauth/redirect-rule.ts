type Rule = {
  /** `front.com` stands for itself, `*.front.com` for every name below it. */
  hosts: readonly string[]
  /** Where the first sign-in led; from then on the only place. */
  pinned: string | null
  /** Another origin that is allowed as a whole: our own, for the sandbox. */
  ownOrigin: string | null
}

export type RedirectVerdict = { ok: true } | { ok: false; why: string }

/**
 * Whether a browser may be sent there with a code in its hands. Only what can be read in one way passes: a plain https
 * address of an allowed host, without user, port or fragment.
 */
export function checkRedirect(uri: string, { hosts, pinned, ownOrigin }: Rule): RedirectVerdict {
  const url = URL.parse(uri)
  if (!url || !/^[!-~]{1,2000}$/.test(uri) || uri.includes('\\')) return refuse('It is not a web address.')
  if (url.username !== '' || url.password !== '') return refuse('It holds a user name.')
  if (uri.includes('#')) return refuse('It holds a fragment.')
  if (ownOrigin !== null && url.origin === ownOrigin && uri.startsWith(`${ownOrigin}/`)) return { ok: true }
  if (url.protocol !== 'https:') return refuse('It is not encrypted (https).')
  if (url.port !== '') return refuse('It names a port.')
  // What the address says and what a browser makes of it must be the same host.
  if (!uri.toLowerCase().startsWith(`https://${url.hostname}`)) return refuse('Its host is written in an unusual way.')
  if (!hosts.some((host) => matchesHost(url.hostname, host)))
    return refuse(`${url.hostname} is not among Front’s hosts.`)
  if (pinned !== null && uri !== pinned) return refuse('It is not the address that Front has used before.')
  return { ok: true }
}

function matchesHost(hostname: string, allowed: string): boolean {
  const host = allowed.toLowerCase()
  return host.startsWith('*.')
    ? hostname.endsWith(host.slice(1)) && hostname.length > host.length - 1
    : hostname === host
}

function refuse(why: string): RedirectVerdict {
  return { ok: false, why }
}
