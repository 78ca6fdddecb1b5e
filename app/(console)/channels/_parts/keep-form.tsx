'use client'

import { type ComponentProps, type FormEvent, startTransition } from 'react'

type Props = Omit<ComponentProps<'form'>, 'action' | 'onSubmit'> & { send: (form: FormData) => void }

/** A form that keeps what was typed after its action has answered. React empties a form that has an `action`. */
export function KeepForm({ send, children, ...props }: Props) {
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    startTransition(() => send(form))
  }
  return (
    <form noValidate {...props} onSubmit={onSubmit}>
      {children}
    </form>
  )
}
