import { z } from 'zod'
import { AUTH_METHODS, type AuthMethod, COMPOSERS, CREDENTIAL_SCOPES, ERROR_STATUSES, TIMELINES } from '#db/schema/apps'

const MAX_REDIRECT_HOSTS = 20

/** A host of two labels or more, or with `*.` every host below it. */
const HOST_RULE = /^(?:\*\.)?(?:[a-z0-9-]+\.)+[a-z0-9-]+$/

const storable = (text: string) => !text.includes('\u0000')
const UNSTORABLE = 'It holds a character that cannot be stored.'

/** What a person calls an app here; Front's own name for it may be another. */
const appName = z
  .string()
  .trim()
  .min(1, 'Give the app a name.')
  .max(100, 'A name has at most 100 characters.')
  .refine(storable, UNSTORABLE)

const appUid = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9_-]{1,100}$/, 'Copy the App UID from Front: letters and digits, such as 64711a73def367ca.')

/** Front's signing key of the app. Spaces around it come from copying. */
export const appSecret = z
  .string()
  .trim()
  .min(8, 'Copy the whole app secret from Front.')
  .max(1000, 'This is too long for an app secret.')
  .refine(storable, UNSTORABLE)

const notes = z
  .string()
  .trim()
  .max(2000, 'Notes have at most 2,000 characters.')
  .refine(storable, UNSTORABLE)
  .transform((text) => text || null)

const describedFields = {
  name: appName,
  uid: appUid,
  authMethod: z.enum(AUTH_METHODS, 'Choose how Front proves who it is.'),
  credentials: z.enum(CREDENTIAL_SCOPES, 'Choose what one connection opens.'),
  composer: z.enum(COMPOSERS, 'Choose the composer.'),
  timeline: z.enum(TIMELINES, 'Choose the timeline.'),
  notes,
}

/** The form that registers an app: text fields as a browser posts them. */
export const newApp = z.object({ companyId: z.uuid('Choose a company.'), ...describedFields, secret: appSecret })

const redirectHosts = z.string().transform((text, context) => {
  const hosts = [
    ...new Set(
      text
        .toLowerCase()
        .split(/[\s,]+/)
        .filter(Boolean),
    ),
  ]
  const wrong = hosts.find((host) => !HOST_RULE.test(host))
  if (wrong) context.addIssue({ code: 'custom', message: `“${wrong}” is no host. Write hosts such as *.frontapp.com.` })
  if (hosts.length > MAX_REDIRECT_HOSTS) context.addIssue({ code: 'custom', message: 'At most 20 hosts.' })
  return hosts
})

/** The settings form of an app. Its secret is changed apart. */
export const appSettings = z.object({
  ...describedFields,
  errorStatus: z.enum(ERROR_STATUSES, 'Choose the status.'),
  redirectHosts,
})
export type AppSettings = z.infer<typeof appSettings>

/** Whether the app itself has a client id and a client secret. With client credentials each connection has its own. */
export function needsOauthClient(method: AuthMethod): boolean {
  return method === 'oauth' || method === 'password'
}
