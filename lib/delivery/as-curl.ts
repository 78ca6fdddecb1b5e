type Sent = {
  method: string | null
  url: string | null
  requestHeaders: Record<string, string> | null
  requestBody: string | null
}

/** Headers that curl sets itself, or that belong to one connection. */
const LEFT_OUT = new Set(['content-length', 'host', 'connection', 'transfer-encoding', 'accept-encoding'])
const SECRET_NAME = /^(proxy-)?authorization$|cookie|signature|secret|token|passw|api[-_]?key|credential/i
const BLANK = 'FILL-IN'

/**
 * An attempt as a command for a shell. Secrets were masked before they were stored, so where one belongs there is a
 * place to fill in. Null when nothing was sent, or by e-mail.
 */
export function attemptAsCurl({ method, url, requestHeaders, requestBody }: Sent): string | null {
  if (!url || !/^https?:/.test(url)) return null
  const headers = Object.entries(requestHeaders ?? {}).filter(([name]) => !LEFT_OUT.has(name.toLowerCase()))
  const parts = [
    `curl -X ${quote(method ?? 'POST')} ${quote(url)}`,
    ...headers.map(([name, value]) => `-H ${quote(`${name}: ${withoutSecret(name, value)}`)}`),
    ...(requestBody ? [`--data-raw ${quote(requestBody)}`] : []),
  ]
  return parts.join(' \\\n  ')
}

// By name as well as by mask, should a value ever have slipped through.
function withoutSecret(name: string, value: string): string {
  if (value.includes('[masked]')) return value.replaceAll('[masked]', BLANK)
  return SECRET_NAME.test(name) ? BLANK : value
}

/** Single quotes keep everything but themselves as it is. Plain words need none. */
function quote(text: string): string {
  return /^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
