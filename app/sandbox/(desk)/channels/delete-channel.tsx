'use client'

import { Trash2 } from 'lucide-react'
import { DELETE_WORDS } from '#lib/sandbox/apps/app-words'
import { Button } from '#ui/button'
import { ConfirmDialog } from '#ui/confirm-dialog'
import { SelectField } from '#ui/select-field'
import { deleteChannelAction } from './actions'

const FORMS = Object.entries(DELETE_WORDS).map(([value, label]) => ({ value, label }))

/** Asks first, and in which form the app is to be told: Front's documents leave that open. */
export function DeleteChannel({ id, name, isConnected }: { id: string; name: string; isConnected: boolean }) {
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" icon={Trash2} aria-label={`Delete ${name}`}>
          Delete
        </Button>
      }
      title={`Delete ${name}?`}
      description="Its app is told. The channel’s conversations stay in the inbox, without replies."
      confirmLabel="Delete channel"
      pendingLabel="Deleting…"
      action={deleteChannelAction}
      values={{ id, ...(isConnected ? {} : { form: 'delete' }) }}
    >
      {isConnected && (
        <SelectField
          name="form"
          id={`${id}-form`}
          label="The app is told by"
          hint="Which of these Front uses is not documented."
          options={FORMS}
        />
      )}
    </ConfirmDialog>
  )
}
