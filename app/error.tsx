'use client'

import { Button, ButtonLink } from '#ui/button'
import { EntryShell } from '#ui/entry-shell'
import { ErrorState } from '#ui/states'

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const action = (
    <>
      <Button onClick={reset}>Try again</Button>
      <ButtonLink href="/" variant="quiet">
        Go to the overview
      </ButtonLink>
    </>
  )
  return (
    <EntryShell>
      <h1 className="sr-only">Something went wrong</h1>
      <ErrorState title="This page could not be shown" action={action}>
        Messages are safe: they are stored before anything else happens. Try again in a moment.
        {error.digest && <p className="mt-2 font-mono text-xs text-faint">Reference {error.digest}</p>}
      </ErrorState>
    </EntryShell>
  )
}
