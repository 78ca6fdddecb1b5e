'use client'

import { type FormEvent, startTransition, useActionState } from 'react'

type Action<State> = (previous: Awaited<State>, form: FormData) => State | Promise<State>

/**
 * `useActionState` for a form that keeps what was typed when it is refused (React itself empties a form after its action).
 * Spread `formProps` on the form, give `pending` to its SubmitButton. Works before the page is awake, too.
 */
export function useFormAction<State>(action: Action<State>, initial: Awaited<State>) {
  const [state, run, pending] = useActionState(action, initial)
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget, submitterOf(event.nativeEvent))
    startTransition(() => run(form))
  }
  return { state, pending, formProps: { action: run, onSubmit } }
}

function submitterOf(event: Event): HTMLElement | null {
  return event instanceof SubmitEvent ? event.submitter : null
}
