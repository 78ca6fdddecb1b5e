'use server'

import { redirect } from 'next/navigation'
import { requireUser } from '#lib/auth'
import { exploreSandbox } from '#lib/flows/explore-sandbox'
import { sandboxDeps } from '../_parts/deps'

/** Makes the sandbox's channel, or puts it right, and says on the sandbox's first page how to go on. */
export async function exploreSandboxAction(): Promise<void> {
  const { db, keys, publicUrl, now } = await sandboxDeps()
  const user = await requireUser('admin')
  await exploreSandbox(db, { keys, publicUrl, actor: user.email, now })
  redirect('/sandbox?ready=1')
}
