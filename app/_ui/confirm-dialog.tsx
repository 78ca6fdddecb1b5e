'use client'

import { type ReactNode, useState } from 'react'
import { Button, type ButtonVariant } from '#ui/button'
import { Dialog, DialogClose } from '#ui/dialog'
import { FormErrors } from '#ui/form-messages'
import { SubmitButton } from '#ui/submit-button'
import { showToast } from '#ui/toaster'
import { useFormAction } from '#ui/use-form-action'

/** What the action answers: `ok` closes the dialog and shows the message as a toast; otherwise it stays with the message. */
export type ConfirmState = { ok: boolean; message?: string }

type Props = {
  trigger: ReactNode
  title: string
  description?: ReactNode
  confirmLabel: string
  pendingLabel?: string
  variant?: ButtonVariant
  action: (previous: ConfirmState | null, form: FormData) => Promise<ConfirmState>
  /** Hidden values of the form. */
  values?: Record<string, string>
  /** Fields, such as a reason. */
  children?: ReactNode
}

/** Asks before something that is hard to take back, and runs a server action on yes. */
export function ConfirmDialog({ trigger, action, values = {}, variant = 'danger', children, ...words }: Props) {
  const [open, setOpen] = useState(false)
  // Not in an effect: a success often takes this dialog off the page, and its words must be said all the same.
  const answering: Props['action'] = async (previous, form) => {
    const answer = await action(previous, form)
    if (answer.ok) setOpen(false)
    if (answer.ok && answer.message) showToast(answer.message)
    return answer
  }
  const { state, pending, formProps } = useFormAction<ConfirmState | null>(answering, null)
  return (
    <Dialog title={words.title} description={words.description} trigger={trigger} open={open} onOpenChange={setOpen}>
      <form {...formProps} className="flex flex-col gap-4">
        {Object.entries(values).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {state && !state.ok && <FormErrors title={state.message ?? 'That did not work.'} />}
        {children}
        <div className="flex flex-wrap justify-end gap-2">
          <DialogClose>
            <Button>Cancel</Button>
          </DialogClose>
          <SubmitButton variant={variant} pending={pending} pendingLabel={words.pendingLabel}>
            {words.confirmLabel}
          </SubmitButton>
        </div>
      </form>
    </Dialog>
  )
}
