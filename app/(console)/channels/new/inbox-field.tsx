'use client'

import { useCallback, useEffect, useState } from 'react'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { SelectField } from '#ui/select-field'
import { Skeleton } from '#ui/skeletons'
import { type Inboxes, listInboxesAction } from './actions'

/** The inboxes as Front lists them now. */
export function InboxField({ companyId, error }: { companyId: string; error: string | undefined }) {
  const [found, setFound] = useState<Inboxes | null>(null)
  const load = useCallback(async () => {
    setFound(null)
    setFound(await listInboxesAction(companyId).catch(() => ({ problem: 'The list could not be loaded.' })))
  }, [companyId])
  useEffect(() => {
    void load()
  }, [load])
  if (found === null) {
    return (
      <div role="status" className="max-w-md">
        <span className="sr-only">Asking Front for its inboxes…</span>
        <Skeleton className="mb-2 h-4 w-16" />
        <Skeleton className="h-9 w-full" />
      </div>
    )
  }
  if ('problem' in found) {
    return (
      <Callout tone="bad" title="Front did not give its inboxes" actions={<Button onClick={load}>Ask again</Button>}>
        {found.problem}
      </Callout>
    )
  }
  if (found.inboxes.length === 0) {
    return (
      <Callout tone="warn" title="No inboxes" actions={<Button onClick={load}>Ask again</Button>}>
        The API token sees no inbox in Front. Tokens reach shared inboxes of their own scope only.
      </Callout>
    )
  }
  return (
    <SelectField
      name="inboxId"
      label="Inbox"
      placeholder="Choose an inbox"
      options={found.inboxes.map(({ id, name }) => ({ value: id, label: name }))}
      required
      error={error}
      className="max-w-md"
    />
  )
}
