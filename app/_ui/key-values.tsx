import type { ReactNode } from 'react'

export type KeyValue = { label: string; value: ReactNode; hint?: ReactNode }

/** Facts as label and value (`dl`). What is null or undefined shows as a dash. */
export function KeyValues({ items }: { items: readonly KeyValue[] }) {
  return (
    <dl className="@container -my-2 divide-y divide-rule">
      {items.map(({ label, value, hint }) => (
        <div
          key={label}
          className="grid items-baseline gap-x-4 gap-y-0.5 py-2 @2xs:grid-cols-[6.5rem_minmax(0,1fr)] @md:grid-cols-[minmax(8rem,11rem)_minmax(0,1fr)]"
        >
          <dt className="min-w-0 text-sm text-muted wrap-anywhere">{label}</dt>
          <dd className="min-w-0 wrap-anywhere">
            {value ?? <span className="text-faint">–</span>}
            {hint && <div className="text-sm text-muted">{hint}</div>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
