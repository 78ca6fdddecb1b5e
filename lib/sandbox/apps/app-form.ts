import { z } from 'zod'
import { AUTH_METHODS, CREDENTIAL_SCOPES } from '#db/schema/apps'
import { CONTACT_TYPES } from '#db/schema/channels'
import { CREDENTIAL_VARIANTS } from '#db/schema/connections'
import { storableText } from '#lib/http/storable'

const text = z
  .string()
  .max(2000, 'Keep it under 2,000 characters.')
  .transform((value) => storableText(value).trim())

const name = text.refine((value) => value !== '', 'Give the app a name.')

/** A web address, or nothing yet. */
const url = (what: string) =>
  text
    .refine((value) => value === '' || z.url({ protocol: /^https?$/ }).safeParse(value).success, {
      error: `The ${what} is not a web address.`,
    })
    .transform((value) => value || null)

const checkbox = z
  .literal('on')
  .optional()
  .transform((value) => value === 'on')

/** What an app is registered with; the rest is typed in once the server's addresses are known. */
export const newAppForm = z.object({
  name,
  authMethod: z.enum(AUTH_METHODS, 'Choose how the server knows the channel.'),
  credentials: z.enum(CREDENTIAL_SCOPES, 'Choose what one connection is for.'),
})

/** An app's settings as a browser posts them. Some fields are there only for some ways to authenticate. */
export const appForm = newAppForm.extend({
  serverUrl: url('server URL'),
  credentialVariant: z.enum(CREDENTIAL_VARIANTS).optional(),
  contactType: z.enum(CONTACT_TYPES),
  takesTemplates: checkbox,
  tellsConversationIds: checkbox,
  authorizeUrl: url('authorize URL').optional(),
  tokenUrl: url('token URL').optional(),
  refreshUrl: url('refresh URL').optional(),
  introspectionUrl: url('token introspection URL').optional(),
  clientId: text.transform((value) => value || null).optional(),
  /** Left empty, the one before stays. */
  clientSecret: text.optional(),
})

export type AppForm = z.infer<typeof appForm>
