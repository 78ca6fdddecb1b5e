import { Check } from 'lucide-react'
import { cx } from '#ui/cx'

/** Where one is in a wizard. `current` counts from 0; what is before it is done. */
export function Steps({ label, steps, current }: { label: string; steps: readonly string[]; current: number }) {
  return (
    <nav aria-label={label}>
      <ol className="mb-6 flex items-center gap-2">
        {steps.map((step, index) => (
          <li
            key={step}
            aria-current={index === current ? 'step' : undefined}
            className={cx('flex items-center gap-2', index < steps.length - 1 && 'flex-1')}
          >
            <Socket done={index < current} current={index === current} number={index + 1} />
            <span className={cx('whitespace-nowrap', index === current ? 'font-medium' : 'text-muted max-sm:sr-only')}>
              {step}
              {index < current && <span className="sr-only"> (done)</span>}
            </span>
            {index < steps.length - 1 && (
              <span
                aria-hidden
                className={cx('h-0.5 flex-1 rounded-full', index < current ? 'bg-accent' : 'bg-rule')}
              />
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}

function Socket({ done, current, number }: { done: boolean; current: boolean; number: number }) {
  return (
    <span
      aria-hidden
      className={cx(
        'grid size-6 shrink-0 place-items-center rounded-full border-[1.5px] text-xs font-semibold',
        done && 'border-accent bg-accent text-accent-ink',
        current && 'border-accent text-accent',
        !done && !current && 'border-edge text-muted',
      )}
    >
      {done ? <Check className="size-3.5" /> : number}
    </span>
  )
}
