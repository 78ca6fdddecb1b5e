import type { FormState } from './form-state'

/** What came of a form, told to screen readers too. */
export function FormNote({ state }: { state: FormState }) {
  return (
    <p role="status" className="min-h-5 text-sm">
      {state.error && <span className="font-medium text-bad">{state.error}</span>}
      {state.ok && <span className="text-ok">{state.ok}</span>}
    </p>
  )
}
