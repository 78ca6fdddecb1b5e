import { redirect } from 'next/navigation'
import { db } from '#lib/database'
import { env } from '#lib/env'
import { needsSetUp } from '#lib/flows/set-up'
import { SetUpForm } from './set-up-form'

export const metadata = { title: 'Set up' }

export default async function SetUpPage() {
  if (!(await needsSetUp(db()))) redirect('/login')
  return (
    <>
      <h1 className="text-xl font-semibold tracking-tight sm:text-2xl">Set up Patchbay</h1>
      <p className="mt-1 text-muted text-pretty">
        You become the owner of this installation. Everything here can be changed later in the settings.
      </p>
      <SetUpForm sandboxOn={env().SANDBOX === 'on'} />
    </>
  )
}
