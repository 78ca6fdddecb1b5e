'use server'

import { redirect } from 'next/navigation'
import { z } from 'zod'
import { type App, getAppByKey } from '#db/queries/apps'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { AppError } from '#lib/errors'
import { type GrantChoice, grantConnection } from '#lib/flows/grant-connection'
import { connectionName } from '#lib/flows/make-connect-key'
import { type FormState, invalidForm, refusal } from '#lib/forms/form-state'
import { storableText } from '#lib/http/storable'
import { type AuthorizationRequest, answerAuthorization, readAuthorization } from '#lib/oauth/authorization'
import { ownOrigin } from '#lib/oauth/own-origin'

const optional = z
  .string()
  .trim()
  .transform((text) => storableText(text) || null)
const newChannel = z.object({ name: connectionName, address: optional.pipe(z.string().max(200).nullable()) })
const channelId = z.uuid()

export async function allowAction(_previous: FormState | null, form: FormData): Promise<FormState> {
  const { email } = await requireUser('admin')
  let location: string
  try {
    const { app, request } = await readBrought(form)
    const choice = readChoice(app, form)
    if ('ok' in choice) return choice
    const granted = await grantConnection(db(), { app, choice, actor: email, now: new Date() })
    location = await answer(app, request, granted)
  } catch (error) {
    return refusal(error)
  }
  redirect(location)
}

export async function denyAction(form: FormData): Promise<void> {
  await requireUser('viewer')
  const { app, request } = await readBrought(form)
  redirect(await answer(app, request, null))
}

/** What the page was opened with, checked anew: a form can be changed. */
async function readBrought(form: FormData): Promise<{ app: App; request: AuthorizationRequest }> {
  const app = await getAppByKey(db(), String(form.get('appKey')))
  if (!app) throw new AppError('not_found', 'There is no such app any more.')
  const request = readAuthorization({ app, ownOrigin: ownOrigin(), query: Object.fromEntries(form) })
  if (typeof request === 'string') throw new AppError('invalid_input', request)
  return { app, request }
}

function readChoice(app: App, form: FormData): GrantChoice | FormState {
  const chosen = channelId.safeParse(form.get('choice'))
  if (chosen.success && app.credentials === 'private') return { kind: 'channel', channelId: chosen.data }
  const named = newChannel.safeParse({ name: form.get('name') ?? '', address: form.get('address') ?? '' })
  if (!named.success) return invalidForm(named.error)
  return app.credentials === 'shared' ? { kind: 'all', name: named.data.name } : { kind: 'new', ...named.data }
}

function answer(app: App, request: AuthorizationRequest, granted: { connectionId: string } | null): Promise<string> {
  return answerAuthorization({ db: db(), app, ownOrigin: ownOrigin(), request, granted, now: () => new Date() })
}
