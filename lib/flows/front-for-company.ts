import type { Company } from '#db/queries/companies'
import { AppError } from '#lib/errors'
import { type FrontClient, frontClient } from '#lib/front/client'
import type { SendToFront } from '#lib/front/transport'
import { outboundToFront } from '#lib/http/outbound'
import { keyring } from '#lib/keyring'
import { type SealingKeys, unseal } from '#lib/secrets'

type FrontDeps = { keys: SealingKeys; send: SendToFront }

/**
 * Front's API for a company. Its token is opened here, at the last moment, and lives only as long as the client.
 * @throws AppError `invalid_input` when the company has no token
 */
export function frontForCompany(
  company: Pick<Company, 'frontBaseUrl' | 'apiTokenSealed'>,
  { keys, send }: FrontDeps = { keys: keyring(), send: outboundToFront() },
): FrontClient {
  if (!company.apiTokenSealed) {
    throw new AppError('invalid_input', 'This company has no API token. Add one in the settings.')
  }
  return frontClient({ baseUrl: company.frontBaseUrl, token: unseal(company.apiTokenSealed, keys), send })
}

export type FrontCheck = { works: true; company: { id: string; name: string } } | { works: false; message: string }

/** Asks Front whose token this is (`GET /me`): proof that address and token are right, or Front's own words why not. */
export async function checkFront(
  access: { frontBaseUrl: string; token: string },
  send: SendToFront = outboundToFront(),
): Promise<FrontCheck> {
  try {
    const { id, name } = await frontClient({ baseUrl: access.frontBaseUrl, token: access.token, send }).me()
    return { works: true, company: { id, name } }
  } catch (error) {
    if (error instanceof AppError) return { works: false, message: error.message }
    throw error
  }
}
