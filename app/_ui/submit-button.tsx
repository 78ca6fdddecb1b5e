'use client'

import type { ComponentProps, MouseEvent } from 'react'
import { useFormStatus } from 'react-dom'
import { Button } from '#ui/button'

/** The button that sends its form; turns by itself into `pendingLabel` while the form's action runs, or while `pending` is true. */
export function SubmitButton({
  variant = 'primary',
  pendingLabel,
  pending: pendingOutside = false,
  children,
  ...props
}: { pendingLabel?: string } & ComponentProps<typeof Button>) {
  const pending = useFormStatus().pending || pendingOutside
  // Not `disabled`: that would throw the keyboard's focus back to the top of the page.
  const refuseSecondClick = pending ? (event: MouseEvent) => event.preventDefault() : props.onClick
  return (
    <Button {...props} type="submit" variant={variant} pending={pending} onClick={refuseSecondClick}>
      {pending && pendingLabel ? pendingLabel : children}
    </Button>
  )
}
