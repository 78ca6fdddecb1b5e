'use client'

import type { ComponentProps } from 'react'
import { useFormStatus } from 'react-dom'
import { Button } from '#ui/button'

/** The button that sends its form; turns by itself into `pendingLabel` while the form's action runs. */
export function SubmitButton({
  variant = 'primary',
  pendingLabel,
  children,
  ...props
}: { pendingLabel?: string } & ComponentProps<typeof Button>) {
  const { pending } = useFormStatus()
  return (
    <Button {...props} type="submit" variant={variant} pending={pending}>
      {pending && pendingLabel ? pendingLabel : children}
    </Button>
  )
}
