import ipaddr from 'ipaddr.js'

/** Which addresses we may call: public ones, and what the installation adds to them. */
export type AddressPolicy = {
  /** Also private, loopback and shared addresses; link-local and metadata addresses stay closed. */
  allowPrivate: boolean
  /** Origins of our own, such as the sandbox's, that are reached wherever they are. */
  allowedOrigins: readonly string[]
}

export type UrlCheck = { ok: true; url: URL } | { ok: false; error: 'bad_url' | 'blocked_address'; message: string }

// What speaks no HTTP but can be made to do something by a stray request (a part of the list that browsers keep).
const CLOSED_PORTS = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 5060, 5061, 6000,
  6379, 6566, 6665, 6666, 6667, 6668, 6669, 6697, 10080, 11211,
])

/**
 * Checks a URL before it is stored or called: http or https, no credentials in it, a port that can speak HTTP and, where
 * the host is an address, one that may be called. A host name is checked when its address is known: see `isAllowedAddress`.
 */
export function checkUrl(text: string, policy: AddressPolicy): UrlCheck {
  const url = URL.parse(text.trim())
  if (!url) return refuse('bad_url', 'This is not a full URL, such as https://example.com/replies.')
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return refuse('bad_url', 'The URL must begin with https:// or http://.')
  if (url.username || url.password) return refuse('bad_url', 'Put credentials into headers, not into the URL.')
  if (isOwnOrigin(url, policy)) return { ok: true, url }
  if (url.port !== '' && CLOSED_PORTS.has(Number(url.port))) {
    return refuse('bad_url', `Port ${url.port} belongs to another service than HTTP.`)
  }
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const local = host === 'localhost' || host.endsWith('.localhost')
  if (local && !policy.allowPrivate) return refuse('blocked_address', 'The URL points to this machine itself.')
  if (ipaddr.isValid(host) && !isAllowedAddress(host, policy)) {
    return refuse('blocked_address', `${host} is not a public address.`)
  }
  return { ok: true, url }
}

export function isOwnOrigin(url: URL, policy: AddressPolicy): boolean {
  return policy.allowedOrigins.includes(url.origin)
}

// Cloud metadata services that lie outside the link-local range.
const METADATA_ADDRESSES = new Set(['fd00:ec2::254', '100.100.100.200', '192.0.0.192'])
const PRIVATE_RANGES = new Set(['private', 'loopback', 'uniqueLocal', 'carrierGradeNat'])

/** Whether we may connect to an IP address. IPv4 inside IPv6 (mapped, NAT64) counts as what it stands for. */
export function isAllowedAddress(address: string, { allowPrivate }: Pick<AddressPolicy, 'allowPrivate'>): boolean {
  if (!ipaddr.isValid(address)) return false
  const ip = unwrap(ipaddr.parse(address))
  if (METADATA_ADDRESSES.has(ip.toString())) return false
  const range = ip.range()
  return range === 'unicast' || (allowPrivate && PRIVATE_RANGES.has(range))
}

function unwrap(ip: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (!(ip instanceof ipaddr.IPv6)) return ip
  if (ip.isIPv4MappedAddress()) return ip.toIPv4Address()
  return ip.range() === 'rfc6052' ? new ipaddr.IPv4(ip.toByteArray().slice(12)) : ip
}

function refuse(error: 'bad_url' | 'blocked_address', message: string): UrlCheck {
  return { ok: false, error, message }
}
