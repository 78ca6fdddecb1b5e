const ANYWHERE = 'http://patchbay.invalid'
const NOT_BACK_TO = ['/login', '/setup', '/api/']

/** The page to go on to after signing in, as an address of our own: anything else leads to the overview. */
export function safePath(asked: unknown): string {
  if (typeof asked !== 'string' || !asked.startsWith('/') || !URL.canParse(asked, ANYWHERE)) return '/'
  // Parsed, since a browser reads `/\\host` and `//host` as another server.
  const url = new URL(asked, ANYWHERE)
  if (url.origin !== ANYWHERE || NOT_BACK_TO.some((path) => url.pathname.startsWith(path))) return '/'
  return url.pathname.startsWith('//') ? '/' : url.pathname + url.search
}
