import { AppError } from '#lib/errors'
import { type AddressPolicy, checkUrl, isAllowedAddress } from '#lib/provider/address-guard'

/** All addresses of a name, as `dns.promises.lookup` with `all` gives them; throws when it has none. */
export type LookupAll = (hostname: string) => Promise<{ address: string }[]>

/**
 * Says early and clearly what delivery would refuse anyway: an address that is private, also behind a name. A name that
 * cannot be looked up right now passes: it may come to be, and every connection is checked again.
 * @throws AppError `invalid_input` on the `field`
 */
export async function checkProviderUrl(
  text: string,
  { policy, lookup, field = 'providerUrl' }: { policy: AddressPolicy; lookup: LookupAll; field?: string },
): Promise<void> {
  const checked = checkUrl(text, policy)
  if (!checked.ok) throw refusal(field, checked.message)
  if (policy.allowedOrigins.includes(checked.url.origin)) return
  const host = checked.url.hostname.replace(/^\[|\]$/g, '')
  const found = await lookup(host).catch(() => [])
  if (found.length === 0 || found.some(({ address }) => isAllowedAddress(address, policy))) return
  throw refusal(
    field,
    `${host} leads to a private address (${found[0]?.address}). Patchbay calls public addresses only.`,
  )
}

function refusal(path: string, message: string): AppError {
  return new AppError('invalid_input', message, { details: [{ path, message }] })
}
