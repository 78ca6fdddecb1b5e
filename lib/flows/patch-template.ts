import { isDeepStrictEqual } from 'node:util'
import type { Database } from '#db/client'
import { findTemplate } from '#db/queries/templates'
import { AppError } from '#lib/errors'
import { requireApplicationChannel } from '#lib/flows/application-channel'
import { isUntold, type SavedTemplate, storeAndTell } from '#lib/flows/save-template'
import { toTemplate } from '#lib/templates/columns'
import type { TemplateChange } from '#lib/templates/fields'

type Patch = {
  channelId: string
  externalId: string
  change: TemplateChange
  /** A person's e-mail, or `provider`. */
  actor: string
  now: Date
}

/**
 * Changes some fields of a message template and tells Front (A6). Where Front refused what it was told before, it is told
 * the whole template.
 * @throws AppError `not_found`, `channel_disabled`, or `application_only`
 */
export async function patchTemplate(db: Database, patch: Patch): Promise<SavedTemplate> {
  const { channelId, externalId, change, actor, now } = patch
  return db.transaction(async (tx) => {
    await requireApplicationChannel(tx, channelId, 'message templates')
    const known = await findTemplate(tx, { channelId, externalId })
    if (!known) throw new AppError('not_found', 'This channel has no template with that id. Put it first.')
    const before = toTemplate(known)
    const template = { ...before, ...change }
    const untold = await isUntold(tx, known.id)
    if (!untold && isDeepStrictEqual(template, before)) return { template: known, changed: false }
    const save = { channelId, template, actor, now }
    const stored = untold
      ? await storeAndTell(tx, save, { kind: 'template_put', payload: { template } })
      : await storeAndTell(tx, save, { kind: 'template_patch', payload: { externalId, change } })
    return { template: stored, changed: true }
  })
}
