type Sent = {
  method: string | null
  url: string | null
  requestHeaders: Record<string, string> | null
  requestBody: string | null
}

/** Headers that curl sets itself, or that belong to one connection. */
const LEFT_OUT = new Set(['content-length', 'host', 'connection', 'transfer-encoding', 'accept-encoding'])

/**
 * An attempt as a command for a shell. Secrets were masked before they were stored, so where one belongs there is a
 * place to fill in. Null when nothing was sent.
 */
export function attemptAsCurl({ method, url, requestHeaders, requestBody }: Sent): string | null {
  if (!url) return null
  const headers = Object.entries(requestHeaders ?? {}).filter(([name]) => !LEFT_OUT.has(name.toLowerCase()))
  const parts = [
    `curl -X ${quote(method ?? 'POST')} ${quote(url)}`,
    ...headers.map(([name, value]) => `-H ${quote(`${name}: ${isSecret(name, value) ? 'FILL-IN' : value}`)}`),
    ...(requestBody ? [`--data-raw ${quote(requestBody)}`] : []),
  ]
  return parts.join(' \\\n  ')
}

/** What was masked when it was stored; by name as well, should a value ever have slipped through. */
function isSecret(name: string, value: string): boolean {
  return (
    /^(authorization|proxy-authorization|cookie|set-cookie)$|api[-_]?key|token|secret|password/i.test(name) ||
    /[•*]{3,}|^\[?masked/i.test(value)
  )
}

/** Single quotes keep everything but themselves as it is. Plain words need none. */
function quote(text: string): string {
  return /^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
