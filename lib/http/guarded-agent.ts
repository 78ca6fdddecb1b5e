import { lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { Agent, buildConnector } from 'undici'
import { type AddressPolicy, isAllowedAddress, isOwnOrigin } from '#lib/provider/address-guard'

/** Thrown into a connection that would have led to an address which may not be called. */
export class BlockedAddressError extends Error {
  override readonly name = 'BlockedAddressError'
}

/** Resolves a name to all of its addresses, as `dns.lookup` with `all` does. */
export type Lookup = typeof systemLookup

export type GuardedAgent = {
  agent: Agent
  policy: AddressPolicy
  /** The address that the newest connection to an origin went to, null before the first. */
  addressOf: (origin: string) => string | null
}

const CONNECT_TIMEOUT_MS = 10_000
/** Longer than this an idle connection is not trusted to be open still. */
const KEEP_ALIVE_MS = 4000
const MAX_REMEMBERED = 1000

/**
 * Connections that check the address itself, after the name was looked up, so that no name can point inward later.
 * Certificates are checked; redirects are never followed.
 */
export function guardedAgent(
  policy: AddressPolicy,
  { lookup = systemLookup, ca }: { lookup?: Lookup; ca?: string } = {},
): GuardedAgent {
  const base = { timeout: CONNECT_TIMEOUT_MS, allowH2: false, ...(ca ? { ca } : {}) }
  const open = buildConnector({ ...base, lookup: asLookup(lookup) })
  const guarded = buildConnector({ ...base, lookup: guardLookup(lookup, policy) })
  const addresses = new Map<string, string>()
  const connect: buildConnector.connector = (options, callback) => {
    const origin = new URL(`${options.protocol}//${options.host ?? options.hostname}`)
    const connector = isOwnOrigin(origin, policy) ? open : guarded
    connector(options, (...[error, socket]) => {
      if (error) return callback(error, null)
      remember(addresses, origin.origin, socket.remoteAddress)
      callback(null, socket)
    })
  }
  const agent = new Agent({ connect, keepAliveTimeout: KEEP_ALIVE_MS, keepAliveMaxTimeout: 60_000 })
  return { agent, policy, addressOf: (origin) => addresses.get(origin) ?? null }
}

/** Addresses that may not be called are left out; a name that has no others is refused. */
function guardLookup(lookup: Lookup, policy: AddressPolicy): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '')
      const allowed = found.filter(({ address }) => isAllowedAddress(address, policy))
      const [first] = allowed
      if (!first) return callback(new BlockedAddressError(`${hostname} leads to an address that may not be called`), '')
      if (options.all) callback(null, allowed)
      else callback(null, first.address, first.family)
    })
  }
}

function asLookup(lookup: Lookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const [first] = found ?? []
      if (error || !first) return callback(error ?? new Error('no address'), '')
      if (options.all) callback(null, found)
      else callback(null, first.address, first.family)
    })
  }
}

function remember(addresses: Map<string, string>, origin: string, address: string | undefined): void {
  if (address === undefined) return
  const [oldest] = addresses.keys()
  if (addresses.size >= MAX_REMEMBERED && oldest !== undefined) addresses.delete(oldest)
  addresses.set(origin, address)
}
