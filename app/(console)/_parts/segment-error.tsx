'use client'

import { Button } from '#ui/button'
import { Section } from '#ui/section'
import { ErrorState } from '#ui/states'

export type SegmentErrorProps = { error: Error & { digest?: string }; reset: () => void }

/** What `error.tsx` of a segment shows: what could not be loaded, a way to try again, and a number to quote. */
export function SegmentError({ what, error, reset }: SegmentErrorProps & { what: string }) {
  return (
    <Section>
      <ErrorState
        title={`${what} could not be loaded`}
        action={
          <Button variant="primary" onClick={reset}>
            Try again
          </Button>
        }
      >
        Nothing is lost. With many messages, a shorter time range may help.
        {error.digest && <span className="mt-2 block font-mono text-xs">Error {error.digest}</span>}
      </ErrorState>
    </Section>
  )
}
