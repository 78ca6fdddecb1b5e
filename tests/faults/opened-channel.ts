import { newId } from '#db/ids'
import { channelKeys } from '#db/schema/channel-keys'
import { generateSigningSecret } from '#lib/provider/signature'
import { hashToken, seal, sealingKeys } from '#lib/secrets'
import { type Installation, KEY } from '#tests/faults/installation'
import type { Doors } from '#tests/faults/letters'
import { type OtherSide, startFront, startProvider } from '#tests/faults/other-side'
import { type FaultProxy, startFaultProxy } from '#tests/faults/proxy'
import { type Channel, type Company, createChannel, createCompany } from '#tests/support/factories'

/** Waits between attempts: a fault of seconds must not end a schedule. */
const RETRY_DELAYS_S = Array.from({ length: 120 }, () => 1)

export type OpenedChannel = {
  channel: Channel
  company: Company
  front: OtherSide
  provider: OtherSide
  /** Between Patchbay and them. */
  toFront: FaultProxy
  toProvider: FaultProxy
  secrets: Pick<Doors, 'bearer' | 'apiSecret'> & { signingSecret: string }
  close: () => Promise<unknown>
}

/** A custom channel in a company of its own, with a Front and a provider that nobody else talks to. */
export async function openChannel({ db }: Pick<Installation, 'db'>, name: string): Promise<OpenedChannel> {
  const keys = sealingKeys(KEY, '')
  const [front, provider] = await Promise.all([startFront(), startProvider()])
  const [toFront, toProvider] = await Promise.all([startFaultProxy(front.port), startFaultProxy(provider.port)])
  const secrets = { bearer: `faults-${newId()}`, apiSecret: newId(), signingSecret: generateSigningSecret() }
  const company = await createCompany(db, {
    name,
    frontBaseUrl: toFront.url,
    apiTokenSealed: seal('faults', keys),
    apiSecretSealed: seal(secrets.apiSecret, keys),
  })
  const providerUrl = `${toProvider.url}/replies`
  const channel = await createChannel(db, { companyId: company.id, name, providerUrl, retryDelaysS: RETRY_DELAYS_S })
  const key = { channelId: channel.id, hint: 'abcd' }
  await db.insert(channelKeys).values([
    { ...key, id: newId(), purpose: 'incoming', tokenHash: hashToken(secrets.bearer) },
    { ...key, id: newId(), purpose: 'signing', secretSealed: seal(secrets.signingSecret, keys) },
  ])
  const open = [front, provider, toFront, toProvider]
  return {
    ...{ channel, company, front, provider, toFront, toProvider, secrets },
    close: () => Promise.all(open.map((one) => one.stop())),
  }
}
