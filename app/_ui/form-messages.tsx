import { CircleAlert, CircleCheck } from 'lucide-react'

type FormError = { path?: string; message: string }

/** Why a form was not accepted, announced at once. An error with a `path` links to the field of that name. */
export function FormErrors({
  title,
  errors = [],
}: {
  title?: string | null | undefined
  errors?: readonly FormError[]
}) {
  if (!title && errors.length === 0) return null
  return (
    <div role="alert" className="flex gap-3 rounded-lg bg-bad-soft px-4 py-3">
      <CircleAlert aria-hidden strokeWidth={1.75} className="mt-0.75 size-4 shrink-0 text-bad" />
      <div className="min-w-0 wrap-anywhere">
        <p className="font-semibold">{title ?? 'Please check the form.'}</p>
        {errors.length > 0 && (
          <ul className="mt-1 list-disc pl-4 text-muted">
            {errors.map(({ path, message }) => (
              <li key={`${path} ${message}`}>
                {path ? (
                  <a href={`#field-${path}`} className="underline underline-offset-3 hover:text-ink">
                    {message}
                  </a>
                ) : (
                  message
                )}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}

/** The result of an action, beside its button. Always rendered, so that screen readers hear it when it comes. */
export function ActionStatus({ message, tone = 'ok' }: { message?: string | null | undefined; tone?: 'ok' | 'bad' }) {
  const Icon = tone === 'ok' ? CircleCheck : CircleAlert
  return (
    <div role="status" className="min-w-0">
      {message && (
        <p className={tone === 'ok' ? 'flex gap-2 text-ok' : 'flex gap-2 text-bad'}>
          <Icon aria-hidden strokeWidth={1.75} className="mt-0.75 size-4 shrink-0" />
          <span className="min-w-0 wrap-anywhere">{message}</span>
        </p>
      )}
    </div>
  )
}
