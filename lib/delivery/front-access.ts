import { newId } from '#db/ids'
import type { Route } from '#db/queries/deliveries'
import type { DeliveryDeps } from '#lib/delivery/deps'
import { channelAccess } from '#lib/front/channel-token'
import type { FrontAccess } from '#lib/front/transport'
import { type SealingKeys, unseal } from '#lib/secrets'

type Opened = {
  channel: Pick<Route['channel'], 'kind' | 'frontChannelId'>
  company: Pick<Route['company'], 'frontBaseUrl' | 'apiTokenSealed'>
  app: Pick<NonNullable<Route['app']>, 'uid' | 'secretSealed'> | null
}

/**
 * What opens Front for one request about a channel: a fresh channel token of its app, which lives for seconds, or the
 * company's API token. Secrets are opened here, at the last moment. Null when the company has no API token.
 */
export async function frontAccess(
  { keys, now }: Pick<DeliveryDeps, 'keys' | 'now'>,
  { channel, company, app }: Opened,
): Promise<FrontAccess | null> {
  const baseUrl = company.frontBaseUrl
  if (channel.kind === 'custom') return apiAccess(company, keys)
  if (!app) throw new Error('An application channel has no app.')
  return channelAccess({
    baseUrl,
    app: { uid: app.uid, secret: unseal(app.secretSealed, keys) },
    channelId: channel.frontChannelId,
    now: now(),
    jti: newId(),
  })
}

function apiAccess({ frontBaseUrl, apiTokenSealed }: Opened['company'], keys: SealingKeys): FrontAccess | null {
  return apiTokenSealed ? { baseUrl: frontBaseUrl, token: unseal(apiTokenSealed, keys) } : null
}
