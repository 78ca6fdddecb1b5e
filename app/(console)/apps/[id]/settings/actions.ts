'use server'

import { z } from 'zod'
import { appSecret, appSettings } from '#lib/channels/app-settings'
import { db } from '#lib/database'
import { archiveApp } from '#lib/flows/archive-app'
import { endPreviousSecret, rotateAppSecret } from '#lib/flows/rotate-app-secret'
import { OVERLAPS_H, type Overlap } from '#lib/flows/rotate-key'
import { resetPinnedRedirect, updateApp } from '#lib/flows/update-app'
import type { FormState } from '#lib/forms/form-state'
import { keyring } from '#lib/keyring'
import { appForm, changeApp } from '../../_parts/app-action'

const settingsForm = appForm.and(appSettings)
const overlap = z.custom<Overlap>(
  (value) => typeof value === 'string' && Object.hasOwn(OVERLAPS_H, value),
  'Choose how long the present secret goes on working.',
)
const secretForm = appForm.extend({ secret: appSecret, overlap })
const archiveForm = appForm.extend({ typedName: z.string().max(200) })

export async function saveAppAction(_previous: FormState | null, form: FormData): Promise<FormState> {
  return changeApp({ schema: settingsForm, form }, async ({ appId, ...settings }, who) => {
    await updateApp(db(), { appId, settings, ...who })
    return 'Saved.'
  })
}

export async function rotateSecretAction(_previous: FormState | null, form: FormData): Promise<FormState> {
  return changeApp({ schema: secretForm, form }, async (input, who) => {
    await rotateAppSecret(db(), { ...input, ...who, keys: keyring() })
    return input.overlap === 'now' ? 'Stored. The one before has ended.' : 'Stored. Both work for the time you chose.'
  })
}

export async function endPreviousSecretAction(_previous: FormState | null, form: FormData): Promise<FormState> {
  return changeApp({ schema: appForm, form }, async (input, who) => {
    await endPreviousSecret(db(), { ...input, ...who })
    return 'The previous secret has ended.'
  })
}

export async function resetRedirectAction(_previous: FormState | null, form: FormData): Promise<FormState> {
  return changeApp({ schema: appForm, form }, async (input, who) => {
    await resetPinnedRedirect(db(), { ...input, ...who })
    return 'Forgotten. The next sign-in sets it anew.'
  })
}

export async function archiveAppAction(_previous: FormState | null, form: FormData): Promise<FormState> {
  return changeApp({ schema: archiveForm, form }, async (input, who) => {
    await archiveApp(db(), { ...input, ...who })
    return 'Archived.'
  })
}
