import { eq } from 'drizzle-orm'
import type { Db } from '#db/client'
import { channels } from '#db/schema/channels'
import { companies } from '#db/schema/companies'
import { messages } from '#db/schema/messages'

/** One file of a message, counted from 0, with what opens Front. Null when there is none. */
export async function getAttachment(db: Db, messageId: string, index: number) {
  const [row] = await db
    .select({
      attachments: messages.attachments,
      frontMessageId: messages.frontMessageId,
      company: { frontBaseUrl: companies.frontBaseUrl, apiTokenSealed: companies.apiTokenSealed },
    })
    .from(messages)
    .innerJoin(channels, eq(channels.id, messages.channelId))
    .innerJoin(companies, eq(companies.id, channels.companyId))
    .where(eq(messages.id, messageId))
    .limit(1)
  const attachment = row?.attachments[index]
  return row && attachment ? { attachment, frontMessageId: row.frontMessageId, company: row.company } : null
}
