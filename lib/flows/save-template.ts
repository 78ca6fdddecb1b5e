import { isDeepStrictEqual } from 'node:util'
import type { Database, Transaction } from '#db/client'
import { newId } from '#db/ids'
import { recordAuditEvent } from '#db/queries/audit-events'
import { enqueueReport, reportLane } from '#db/queries/reports'
import { findTemplate, listLastReports, type MessageTemplate, putTemplate } from '#db/queries/templates'
import type { FrontReport } from '#lib/delivery/report-payloads'
import { requireApplicationChannel } from '#lib/flows/application-channel'
import { toColumns, toTemplate } from '#lib/templates/columns'
import type { Template } from '#lib/templates/fields'

type Save = {
  channelId: string
  template: Template
  /** A person's e-mail, or `provider`. */
  actor: string
  now: Date
}

/** `changed` is false when the template was just so already and Front knows, or is about to be told. */
export type SavedTemplate = { template: MessageTemplate; changed: boolean }

/**
 * Stores a message template of an application channel, new or in place of the one with the same id, and tells Front (A6).
 * @throws AppError `not_found`, `channel_disabled`, or `application_only`
 */
export async function saveTemplate(db: Database, save: Save): Promise<SavedTemplate> {
  const { channelId, template } = save
  return db.transaction(async (tx) => {
    await requireApplicationChannel(tx, channelId, 'message templates')
    const known = await findTemplate(tx, { channelId, externalId: template.external_id })
    const isSame = known && isDeepStrictEqual(toTemplate(known), template)
    if (isSame && !(await isUntold(tx, known.id))) return { template: known, changed: false }
    const stored = await storeAndTell(tx, save, { kind: 'template_put', payload: { template } })
    return { template: stored, changed: true }
  })
}

/** Whether Front last refused what it was told of a template. */
export async function isUntold(tx: Transaction, id: string): Promise<boolean> {
  const status = (await listLastReports(tx, [id])).get(id)?.status
  return status === 'failed' || status === 'discarded'
}

/** Within a flow of the caller's, which has locked the channel. */
export async function storeAndTell(tx: Transaction, save: Save, report: FrontReport): Promise<MessageTemplate> {
  const { channelId, template, actor, now } = save
  const stored = await putTemplate(tx, { id: newId(), channelId, ...toColumns(template), updatedAt: now })
  // One lane for all: a change never overtakes what it changes.
  const conversationId = await reportLane(tx, { channelId, kind: 'channel', key: 'templates' })
  await enqueueReport(tx, { ...report, channelId, conversationId, subjectId: stored.id, createdBy: actor })
  const details = { externalId: stored.externalId, name: stored.name }
  const action = report.kind === 'template_put' ? 'template.put' : 'template.patch'
  await recordAuditEvent(tx, { actor, action, channelId, subjectId: stored.id, details })
  return stored
}
