'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { requireUser } from '#lib/auth'
import { appForm, newAppForm } from '#lib/sandbox/apps/app-form'
import { changeSandboxApp, registerSandboxApp } from '#lib/sandbox/apps/save-app'
import { sandboxDeps } from '../../_parts/deps'
import { attempt, type FormState, parseForm } from '../../_parts/form-state'

/** Registers an app, as an admin does in Front's settings, and shows what Patchbay asks for. */
export async function registerAppAction(_previous: FormState, form: FormData): Promise<FormState> {
  const deps = await sandboxDeps()
  await requireUser('admin')
  let uid = ''
  const state = await attempt(form, async () => {
    uid = await registerSandboxApp(deps, parseForm(newAppForm, form))
    return undefined
  })
  if (state.error) return state
  redirect(`/sandbox/apps/settings?app=${uid}`)
}

export async function saveAppAction(_previous: FormState, form: FormData): Promise<FormState> {
  const deps = await sandboxDeps()
  await requireUser('admin')
  const state = await attempt(form, async () => {
    await changeSandboxApp(deps, String(form.get('uid') ?? ''), parseForm(appForm, form))
    return 'Saved.'
  })
  revalidatePath('/sandbox/apps', 'layout')
  return state
}
