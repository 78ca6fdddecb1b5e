import { z } from 'zod'
import type { App } from '#db/queries/apps'
import type { GrantChoice } from '#lib/flows/grant-connection'
import { connectionName } from '#lib/flows/make-connect-key'
import { storableText } from '#lib/http/storable'
import type { AuthorizationRequest } from '#lib/oauth/authorization'

/** What stood in the way of a consent, told by the page that asks for it again. */
export const CONSENT_PROBLEMS = {
  name: { field: 'name', message: 'Give it a name of at most 100 characters.' },
  address: { field: 'address', message: 'An address has at most 200 characters.' },
  taken: { field: 'address', message: 'Another connection of this app has that address already. Choose another one.' },
  gone: { field: null, message: 'What you chose cannot be connected any more. Choose again.' },
} as const
export type ConsentProblem = keyof typeof CONSENT_PROBLEMS

/** What a person had chosen when the page has to ask again. */
const consentDraft = z.object({
  choice: z.string().max(100).catch(''),
  name: z.string().max(500).catch(''),
  address: z.string().max(500).catch(''),
  problem: z.enum(['name', 'address', 'taken', 'gone']).nullable().catch(null),
})
export type ConsentDraft = z.infer<typeof consentDraft>

export function readDraft(query: Record<string, unknown>): ConsentDraft {
  return consentDraft.parse(query)
}

const chosenId = z.uuid()
const address = z
  .string()
  .transform((text) => storableText(text.trim()) || null)
  .pipe(z.string().max(200).nullable())

/** What a person chose on the page, or what is wrong with it. */
export function readChoice(
  app: Pick<App, 'credentials'>,
  { choice, ...draft }: ConsentDraft,
): GrantChoice | ConsentProblem {
  const isShared = app.credentials === 'shared'
  const id = chosenId.safeParse(choice).data
  if (id !== undefined) return isShared ? { kind: 'account', connectionId: id } : { kind: 'channel', channelId: id }
  const name = connectionName.safeParse(draft.name)
  if (!name.success) return 'name'
  if (isShared) return { kind: 'new_account', name: name.data }
  const at = address.safeParse(draft.address)
  return at.success ? { kind: 'new', name: name.data, address: at.data } : 'address'
}

/** The page that asks for consent, with what Front brought along and, when it asks again, what the person had chosen. */
export function consentPath(appKey: string, asked: AuthorizationRequest, draft: Partial<ConsentDraft> = {}): string {
  const given = Object.entries({ ...asked, ...draft }).flatMap(([name, value]) => (value ? [[name, value]] : []))
  return `/oauth/${encodeURIComponent(appKey)}/authorize?${new URLSearchParams(given)}`
}
