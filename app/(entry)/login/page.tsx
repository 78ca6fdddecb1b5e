import { redirect } from 'next/navigation'
import { currentUser } from '#lib/auth'
import { db } from '#lib/database'
import { env } from '#lib/env'
import { needsSetUp } from '#lib/flows/set-up'
import { safePath } from '#lib/http/safe-path'
import { identityProviders } from '#lib/identity-providers'
import { Callout } from '#ui/callout'
import { ProviderButtons } from './provider-buttons'
import { SignInForm } from './sign-in-form'

export const metadata = { title: 'Sign in' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function LoginPage({ searchParams }: Props) {
  const { next, callbackUrl, error } = await searchParams
  if (await needsSetUp(db())) redirect('/setup')
  const goOn = safePath(next ?? callbackUrl)
  if (await currentUser()) redirect(goOn)
  const providers = identityProviders(env()).map(({ id, name }) => ({ id, name }))
  return (
    <>
      <h1 className="text-xl font-semibold tracking-tight sm:text-2xl">Sign in</h1>
      {goOn !== '/' && <p className="mt-1 text-muted">You go on to the page you asked for.</p>}
      {error && (
        <Callout tone="bad" className="mt-5">
          {providerError(error)}
        </Callout>
      )}
      <SignInForm next={goOn} />
      {providers.length > 0 && <ProviderButtons providers={providers} next={goOn} />}
      <p className="mt-6 text-sm text-muted">No account, or no way in? An owner of this installation can help.</p>
    </>
  )
}

/** next-auth's word for why another provider did not let somebody in. */
function providerError(error: string | string[]): string {
  if (error === 'AccessDenied') {
    return 'Nobody here has an account with that e-mail, or the provider did not confirm that it is yours.'
  }
  return 'Signing in through the other service did not work. Try again, or use your password.'
}
