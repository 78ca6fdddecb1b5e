import { env } from '#lib/env'
import { createMailer, type Mailer } from '#lib/mail/mailer'

let mailer: Mailer | undefined

/** The way out for letters; null where the environment does not name a mail server and a sender. */
export function outboundMail(): Mailer | null {
  const { SMTP_URL, ALERTS_FROM } = env()
  if (!SMTP_URL || !ALERTS_FROM) return null
  mailer ??= createMailer({ url: SMTP_URL, from: ALERTS_FROM })
  return mailer
}

/** Which variables letters still need. */
export function missingForMail(): string[] {
  const { SMTP_URL, ALERTS_FROM } = env()
  return [...(SMTP_URL ? [] : ['SMTP_URL']), ...(ALERTS_FROM ? [] : ['ALERTS_FROM'])]
}
