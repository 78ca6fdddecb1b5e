import { isDeepStrictEqual } from 'node:util'
import type { Database } from '#db/client'
import { recordAuditEvent } from '#db/queries/audit-events'
import { type Channel, type NewChannel, updateChannelRow } from '#db/queries/channels'
import { restartDrains } from '#db/queries/targets'
import { type HeaderInput, mergeHeaders, sealHeaders, unsealHeaders } from '#lib/channels/provider-headers'
import type { ChannelSettings } from '#lib/channels/settings'
import { AppError } from '#lib/errors'
import { loadChannelForChange } from '#lib/flows/load-channel'
import type { SealingKeys } from '#lib/secrets'
import type { ThreadingRule } from '#lib/threading/rules'

type Update = {
  channelId: string
  settings: ChannelSettings
  /** Every header that shall be there; one without a value keeps what it has. */
  headers: HeaderInput[]
  /** Throws AppError when the address must not be called; asked before anything is stored. */
  checkProviderUrl: (url: string) => Promise<void>
  actor: string
  keys: SealingKeys
  now: Date
}

/** Changes a channel's settings. The audit event names the fields, never a header's value. */
export async function updateChannel(db: Database, update: Update): Promise<void> {
  const { channelId, settings, actor, keys, now } = update
  if (settings.providerUrl) await update.checkProviderUrl(settings.providerUrl)
  await db.transaction(async (tx) => {
    const channel = await loadChannelForChange(tx, channelId)
    const before = unsealHeaders(channel.providerHeadersSealed, keys)
    const merged = mergeHeaders(update.headers, before)
    if (!merged.ok) {
      throw new AppError('invalid_input', merged.problem, { details: [{ path: 'headers', message: merged.problem }] })
    }
    const headersChanged = !isDeepStrictEqual(merged.headers, before)
    const change: Partial<NewChannel> = headersChanged
      ? { ...settings, providerHeadersSealed: sealHeaders(merged.headers, keys) }
      : settings
    const changed = changedFields(channel, change)
    if (changed.length === 0) return
    await updateChannelRow(tx, { id: channelId, now, change })
    if (changed.includes('heldPerMinute')) await restartDrains(tx, channelId)
    await recordAuditEvent(tx, { actor, action: 'channel.update', channelId, details: { changed } })
  })
}

/** Saves the rule that decides which messages belong together; conversations that exist keep their keys. */
export async function updateThreading(
  db: Database,
  { channelId, threading, actor, now }: { channelId: string; threading: ThreadingRule; actor: string; now: Date },
): Promise<void> {
  await db.transaction(async (tx) => {
    const channel = await loadChannelForChange(tx, channelId)
    if (changedFields(channel, { threading }).length === 0) return
    await updateChannelRow(tx, { id: channelId, now, change: { threading } })
    const details = { before: channel.threading, after: threading }
    await recordAuditEvent(tx, { actor, action: 'channel.update_threading', channelId, details })
  })
}

function changedFields(channel: Channel, change: Partial<NewChannel>): string[] {
  const before: Record<string, unknown> = channel
  return Object.entries(change)
    .filter(([field, value]) => !isDeepStrictEqual(before[field], value))
    .map(([field]) => field)
}
