type Rule = {
  /** `front.com` stands for itself, `*.front.com` for every name below it; a port only where one is written. */
  hosts: readonly string[]
  /** Where the first sign-in led; from then on the only place. */
  pinned: string | null
  /** Another origin that is allowed as a whole: our own, for the sandbox. */
  ownOrigin: string | null
}

export type RedirectVerdict = { ok: true } | { ok: false; why: string }

const PRINTABLE = /^[!-~]{1,2000}$/
const LABELS = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:\d+)?$/

/**
 * Whether a browser may be sent there with a code in its hands. Only what can be read in one way passes: a plain https
 * address of an allowed host, without user or fragment.
 */
export function checkRedirect(uri: string, { hosts, pinned, ownOrigin }: Rule): RedirectVerdict {
  const url = URL.parse(uri)
  if (!url || !PRINTABLE.test(uri) || uri.includes('\\')) return refuse('It is not a web address.')
  if (url.username !== '' || url.password !== '') return refuse('It holds a user name.')
  if (uri.includes('#')) return refuse('It holds a fragment.')
  if (ownOrigin !== null && isBelow(uri, ownOrigin)) return { ok: true }
  if (url.protocol !== 'https:') return refuse('It is not encrypted (https).')
  // What the address says and what a browser makes of it must be the same host and port.
  if (!LABELS.test(url.host) || !isBelow(uri, `https://${url.host}`)) {
    return refuse('Its host is written in an unusual way.')
  }
  if (!hosts.some((host) => matchesHost(url.host, host.toLowerCase()))) {
    return refuse(`${url.host} is not among the hosts that this app may lead back to.`)
  }
  if (pinned !== null && uri !== pinned) return refuse('It is not the address that Front has used before.')
  return { ok: true }
}

/** Whether an address, as it is written, begins with that origin and nothing but a path or a query follows. */
function isBelow(uri: string, origin: string): boolean {
  return uri.slice(0, origin.length).toLowerCase() === origin && /^([/?]|$)/.test(uri.slice(origin.length))
}

/** Both may end in a port. A name below one of the allowed has a label more at least, by `LABELS` none of them empty. */
function matchesHost(host: string, allowed: string): boolean {
  return allowed.startsWith('*.') ? host.endsWith(allowed.slice(1)) : host === allowed
}

function refuse(why: string): RedirectVerdict {
  return { ok: false, why }
}
