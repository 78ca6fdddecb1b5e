import type { Db } from '#db/client'
import { runPrepared } from '#db/prepared'
import type { apps } from '#db/schema/apps'
import type { channels } from '#db/schema/channels'
import type { connections, TokenPurpose } from '#db/schema/connections'

type App = typeof apps.$inferSelect
type Channel = typeof channels.$inferSelect
type Connection = typeof connections.$inferSelect

/** What a credential opens. `ended`: why it opens nothing any more. */
export type ShownConnection = Pick<Connection, 'id' | 'channelId' | 'name' | 'kind' | 'credentialVariant'> & {
  tokenHash: string
  ended: 'revoked' | 'expired' | 'not_a_credential' | null
  /** Milliseconds since 1970. */
  lastUsedMs: number | null
}

export type AppDoorChannel = Pick<
  Channel,
  | 'id'
  | 'key'
  | 'kind'
  | 'name'
  | 'frontChannelId'
  | 'contactType'
  | 'defaultCountry'
  | 'threading'
  | 'receiveOnly'
  | 'signatureVariant'
> & {
  /** Milliseconds since 1970. */
  connectedMs: number | null
  disconnectedMs: number | null
}

export type AppDoor = Pick<
  App,
  | 'id'
  | 'companyId'
  | 'key'
  | 'name'
  | 'secretSealed'
  | 'previousSecretSealed'
  | 'authMethod'
  | 'credentials'
  | 'errorStatus'
  | 'signatureVariant'
> & {
  lastSeenMs: number | null
  /** The one that the URL names; where it names none, the connection's. Null when there is no such channel in use. */
  channel: AppDoorChannel | null
  /** What the shown credentials open in this app, those that work first. */
  connection: ShownConnection | null
}

const CREDENTIALS: TokenPurpose[] = ['key', 'access']

// The channel is the one that the URL names, or without one that of the connection.
const FIND_APP_DOOR = `
  select a.id, a.company_id as "companyId", a.key, a.name, a.secret_sealed as "secretSealed",
    case when a.previous_secret_until > $1::timestamptz then a.previous_secret_sealed end as "previousSecretSealed",
    a.auth_method as "authMethod", a.credentials, a.error_status as "errorStatus",
    a.signature_variant as "signatureVariant", (extract(epoch from a.last_seen_at) * 1000)::float8 as "lastSeenMs",
    n.found as connection,
    (select jsonb_build_object('id', c.id, 'key', c.key, 'kind', c.kind, 'name', c.name,
        'frontChannelId', c.front_channel_id, 'contactType', c.contact_type, 'defaultCountry', c.default_country,
        'threading', c.threading, 'receiveOnly', c.receive_only, 'signatureVariant', c.signature_variant,
        'connectedMs', (extract(epoch from c.connected_at) * 1000)::float8,
        'disconnectedMs', (extract(epoch from c.disconnected_at) * 1000)::float8)
      from channels c where c.app_id = a.id and c.archived_at is null
        and (c.key = $2 or c.id = (n.found->>'channelId')::uuid and not $3::boolean)) as channel
  from apps a left join lateral (
    select jsonb_build_object('id', n.id, 'channelId', n.channel_id, 'name', n.name, 'kind', n.kind,
        'credentialVariant', n.credential_variant, 'lastUsedMs', (extract(epoch from n.last_used_at) * 1000)::float8,
        'tokenHash', t.token_hash, 'ended', e.ended) as found
      from connection_tokens t join connections n on n.id = t.connection_id,
        lateral (select case when n.revoked_at is not null then 'revoked'
          when t.purpose <> all (string_to_array($4, ',')) then 'not_a_credential'
          when t.expires_at <= $5::timestamptz then 'expired' end as ended) e
      where t.token_hash = any (string_to_array($6, ',')) and n.app_id = a.id
      order by e.ended is not null, t.id limit 1
    ) n on true
  where a.key = $7 and a.archived_at is null`

type Visit = { appKey: string; channelKey: string | null; tokenHashes: string[]; now: Date }

/** All that a call to an app's public address must know of the app, in one round trip. Null when unknown or archived. */
export async function findAppDoor(db: Db, { appKey, channelKey, tokenHashes, now }: Visit): Promise<AppDoor | null> {
  const at = now.toISOString()
  const given = [at, channelKey ?? '', channelKey !== null, CREDENTIALS.join(','), at, tokenHashes.join(','), appKey]
  const [door] = await runPrepared<AppDoor>(db, FIND_APP_DOOR, given)
  return door ?? null
}
