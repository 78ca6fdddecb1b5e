'use client'

import { Button } from '#ui/button'
import { ErrorState } from '#ui/states'
import './globals.css'

export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body className="font-sans">
        <title>Something went wrong · Patchbay</title>
        <main className="mx-auto max-w-xl py-16">
          <h1 className="sr-only">Something went wrong</h1>
          <ErrorState title="Patchbay could not be shown" action={<Button onClick={reset}>Try again</Button>}>
            Messages are safe: they are stored before anything else happens. Try again in a moment.
          </ErrorState>
        </main>
      </body>
    </html>
  )
}
