import { listChannels } from '#db/queries/channels'
import { db } from '#lib/database'
import { missingForMail } from '#lib/mail/outbound-mail'

/** What the form of a destination chooses from. */
export async function formChoices() {
  const channels = await listChannels(db())
  return {
    channels: channels.map(({ id, name }) => ({ id, name })),
    zones: ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')],
    missing: missingForMail(),
  }
}
