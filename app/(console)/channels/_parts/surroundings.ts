import { lookup } from 'node:dns/promises'
import type { Company } from '#db/queries/companies'
import { checkProviderUrl } from '#lib/channels/check-provider-url'
import { frontForCompany } from '#lib/flows/front-for-company'
import type { FrontClient } from '#lib/front/client'
import { outboundGuard, outboundToFront } from '#lib/http/outbound'
import { keyring } from '#lib/keyring'

/** Front's API for a company, over the real network. */
export function frontOf(company: Pick<Company, 'frontBaseUrl' | 'apiTokenSealed'>): FrontClient {
  return frontForCompany(company, { keys: keyring(), send: outboundToFront() })
}

/** @throws AppError `invalid_input` on `providerUrl` when this installation would refuse to call it */
export async function checkUrlHere(url: string): Promise<void> {
  await checkProviderUrl(url, {
    policy: outboundGuard().policy,
    lookup: (hostname) => lookup(hostname, { all: true }),
  })
}
