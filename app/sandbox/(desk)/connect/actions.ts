'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { requireUser } from '#lib/auth'
import { AppError } from '#lib/errors'
import { storableText } from '#lib/http/storable'
import { type Connected, connectAddress, connectByCredentials, reauthorizeChannel } from '#lib/sandbox/apps/connect'
import { type Credentials, credentials } from '#lib/sandbox/apps/credentials'
import { finishSignIn, startSignIn } from '#lib/sandbox/apps/sign-in'
import { SANDBOX_INBOXES } from '#lib/sandbox/identity'
import { sandboxDeps } from '../../_parts/deps'
import { attempt, type FormState, parseForm } from '../../_parts/form-state'

const inboxId = z.enum(
  SANDBOX_INBOXES.map((inbox) => inbox.id),
  'Choose an inbox.',
)
const id = z.string().min(1).max(60)
const connectForm = z.object({
  app: id,
  inboxId,
  name: z
    .string()
    .max(100, 'A name has at most 100 characters.')
    .transform((text) => storableText(text).trim() || null),
})
const signInForm = connectForm.extend({
  channelId: id
    .optional()
    .catch(undefined)
    .transform((value) => value ?? null),
})
const addressForm = z.object({ credential: id, address: z.string().min(1).max(500), inboxId })

/** Connects a channel with what was typed in. The app's server is asked before anything is kept. */
export async function connectAction(_previous: FormState, form: FormData): Promise<FormState> {
  const deps = await sandboxDeps()
  await requireUser('support')
  let next = ''
  const state = await attempt(form, async () => {
    const { app, ...place } = parseForm(connectForm, form)
    const made = await connectByCredentials(deps, { appUid: app, ...place, given: readCredentials(form) })
    next = placeAfter(made, place.inboxId)
    return undefined
  })
  if (state.error) return { error: state.error, values: withoutSecrets(state.values) }
  redirect(next)
}

/** Sends the person's browser to the app's authorize URL. */
export async function signInAction(_previous: FormState, form: FormData): Promise<FormState> {
  const deps = await sandboxDeps()
  await requireUser('support')
  let next = ''
  const state = await attempt(form, async () => {
    const { app, name, ...place } = parseForm(signInForm, form)
    next = await startSignIn(deps, { appUid: app, channelName: name, ...place })
    return undefined
  })
  if (state.error) return state
  redirect(next)
}

/** The browser is back: the channel is connected by what it brought along. */
export async function finishSignInAction(_previous: FormState, form: FormData): Promise<FormState> {
  const deps = await sandboxDeps()
  await requireUser('support')
  let next = ''
  const textOf = (name: string) => String(form.get(name) ?? '') || null
  const state = await attempt(form, async () => {
    const came = { state: textOf('state') ?? '', code: textOf('code'), error: textOf('error') }
    const { connected, inboxId: inbox } = await finishSignIn(deps, came)
    next = placeAfter(connected, inbox)
    return undefined
  })
  if (state.error) return { error: state.error }
  redirect(next)
}

/** Makes a channel for one address of a connection that serves several. */
export async function connectAddressAction(_previous: FormState, form: FormData): Promise<FormState> {
  const deps = await sandboxDeps()
  await requireUser('support')
  let next = ''
  const state = await attempt(form, async () => {
    const { credential, ...place } = parseForm(addressForm, form)
    const channel = await connectAddress(deps, { credentialId: credential, ...place })
    next = placeAfter({ kind: 'channel', channel }, place.inboxId)
    return undefined
  })
  if (state.error) return state
  redirect(next)
}

/** Asks the app's server once more, with a new key where one was typed in. */
export async function reauthorizeAction(_previous: FormState, form: FormData): Promise<FormState> {
  const deps = await sandboxDeps()
  await requireUser('support')
  const state = await attempt(form, async () => {
    const channelId = id.parse(form.get('channelId'))
    const result = await reauthorizeChannel(deps, { channelId, given: readCredentials(form) })
    if (!result.ok) throw new AppError('upstream_refused', result.reason)
    return 'The channel is connected.'
  })
  revalidatePath('/sandbox', 'layout')
  return { ...(state.ok ? { ok: state.ok } : {}), ...(state.error ? { error: state.error } : {}) }
}

function placeAfter(made: Connected, inbox: string): string {
  return made.kind === 'channel'
    ? `/sandbox/channels?connected=${made.channel.id}`
    : `/sandbox/connect/address?credential=${made.credentialId}&inbox=${inbox}`
}

/** Fields left empty are not given. */
function readCredentials(form: FormData): Credentials {
  const filled = [...form].flatMap(([name, value]) => {
    const text = typeof value === 'string' ? value.trim() : ''
    return name in credentials.shape && text !== '' ? [[name, text]] : []
  })
  return credentials.parse(Object.fromEntries(filled))
}

/** What was typed comes back to the form, but for what nobody should read there. */
function withoutSecrets({ inboxId: inbox = '', name = '' }: Record<string, string> = {}): Record<string, string> {
  return { inboxId: inbox, name }
}
