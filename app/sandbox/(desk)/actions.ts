'use server'

import { redirect } from 'next/navigation'
import { requireUser } from '#lib/auth'
import { exploreApplication } from '#lib/flows/explore-application'
import { exploreSandbox } from '#lib/flows/explore-sandbox'
import { sandboxDeps } from '../_parts/deps'
import { attempt, type FormState } from '../_parts/form-state'

/** Makes the sandbox's channel, or puts it right, and says on the sandbox's first page how to go on. */
export async function exploreSandboxAction(): Promise<void> {
  const { db, keys, publicUrl, now } = await sandboxDeps()
  const user = await requireUser('admin')
  await exploreSandbox(db, { keys, publicUrl, actor: user.email, now })
  redirect('/sandbox?ready=1')
}

/** Makes an application channel, which the sandbox's Front connects through Patchbay's own address, or puts it right. */
export async function exploreApplicationAction(_previous: FormState, form: FormData): Promise<FormState> {
  const deps = await sandboxDeps()
  const user = await requireUser('admin')
  const state = await attempt(form, async () => {
    await exploreApplication(deps, { actor: user.email })
    return undefined
  })
  if (state.error) return state
  redirect('/sandbox?ready=app')
}
