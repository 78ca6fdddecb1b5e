import { eq } from 'drizzle-orm'
import type { Db } from '#db/client'
import { apps } from '#db/schema/apps'
import { channels } from '#db/schema/channels'
import { companies } from '#db/schema/companies'
import { messages } from '#db/schema/messages'

/** One file of a message, counted from 0, with what opens Front. Null when there is none. */
export async function getAttachment(db: Db, messageId: string, index: number) {
  const [row] = await db
    .select({
      attachments: messages.attachments,
      frontMessageId: messages.frontMessageId,
      channel: { kind: channels.kind, frontChannelId: channels.frontChannelId },
      app: { uid: apps.uid, secretSealed: apps.secretSealed },
      company: { frontBaseUrl: companies.frontBaseUrl, apiTokenSealed: companies.apiTokenSealed },
    })
    .from(messages)
    .innerJoin(channels, eq(channels.id, messages.channelId))
    .innerJoin(companies, eq(companies.id, channels.companyId))
    .leftJoin(apps, eq(apps.id, channels.appId))
    .where(eq(messages.id, messageId))
    .limit(1)
  if (!row) return null
  const { attachments, ...owner } = row
  const attachment = attachments[index]
  return attachment ? { ...owner, attachment } : null
}
