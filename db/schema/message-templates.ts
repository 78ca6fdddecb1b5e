import { boolean, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, json } from '#db/columns'
import { channels } from '#db/schema/channels'
import type { TEMPLATE_STATUSES, TemplateVariable } from '#lib/front/templates'

export type TemplateStatus = (typeof TEMPLATE_STATUSES)[number]

/** A message template of an application channel, as the provider or a person last gave it; its reports carry it to Front. */
export const messageTemplates = pgTable(
  'message_templates',
  {
    id: id(),
    channelId: uuid()
      .notNull()
      .references(() => channels.id, { onDelete: 'cascade' }),
    externalId: text().notNull(),
    name: text().notNull(),
    blurb: text().notNull(),
    isDisabled: boolean().notNull().default(false),
    statusName: text().$type<TemplateStatus>().notNull(),
    variableMappings: json<TemplateVariable[]>().notNull(),
    templatePreview: text().notNull(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
  },
  (table) => [uniqueIndex('message_templates_external_id').on(table.channelId, table.externalId)],
)
