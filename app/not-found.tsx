import { ButtonLink } from '#ui/button'
import { EntryShell } from '#ui/entry-shell'
import { EmptyState } from '#ui/states'

export const metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <EntryShell>
      <h1 className="sr-only">Not found</h1>
      <EmptyState title="Nothing is plugged in here" action={<ButtonLink href="/">Go to the overview</ButtonLink>}>
        This page does not exist, or what it showed has been removed.
      </EmptyState>
    </EntryShell>
  )
}
