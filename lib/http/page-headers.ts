/**
 * What every page answers with beside its content. Styles may stand inline because charts and menus place themselves by
 * style attributes; scripts run only with this request's nonce. Images of other servers appear only where a person
 * asked to see them.
 */
export function pageHeaders({
  nonce,
  https,
  development,
  leadsOut = false,
}: {
  nonce: string
  https: boolean
  development: boolean
  /** Its form leads to another site, as the page does on which a person allows Front to connect. */
  leadsOut?: boolean
}) {
  const policy = [
    `default-src 'self'`,
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' data: https:`,
    `font-src 'self' data:`,
    `connect-src 'self'${development ? ' ws: wss:' : ''}`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'${leadsOut ? ' https:' : ''}`,
    `frame-ancestors 'none'`,
  ]
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
    ...(https ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  }
}
