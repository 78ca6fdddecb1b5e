import type { ReactNode } from 'react'
import { CopyButton } from '#ui/copy-button'
import { cx } from '#ui/cx'

type Props = {
  code: string
  /** Names what is shown: "Response body". */
  label: string
  /** Beside the label: size, type, "cut at 20 kB". */
  note?: ReactNode
  copyLabel?: string
  /** Long lines break instead of scrolling. */
  wrap?: boolean
}

/** Text as a machine wrote it, with a button that copies it. Scrolls in itself, by keyboard too. */
export function CodeBlock({ code, label, note, copyLabel, wrap = false }: Props) {
  return (
    <figure className="min-w-0 overflow-hidden rounded-md border border-rule">
      <figcaption className="flex items-center justify-between gap-3 border-b border-rule py-1 pr-1 pl-3">
        <span className="min-w-0 truncate text-sm font-medium text-muted">
          {label}
          {note && <span className="font-normal text-faint"> · {note}</span>}
        </span>
        <CopyButton text={code} label={copyLabel ?? `Copy ${label.toLowerCase()}`} iconOnly />
      </figcaption>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
        tabIndex={0}
        aria-label={label}
        className="max-h-96 overflow-auto bg-sunken -outline-offset-2"
      >
        <pre className={cx('px-3 py-2.5 font-mono text-xs leading-5', wrap && 'whitespace-pre-wrap wrap-anywhere')}>
          {code}
        </pre>
      </section>
    </figure>
  )
}

/** A short id or URL in a line, with copying. */
export function CopyLine({ text, label }: { text: string; label: string }) {
  return (
    <span className="flex min-w-0 items-center gap-1">
      <code className="min-w-0 font-mono text-sm wrap-anywhere">{text}</code>
      <CopyButton text={text} label={label} iconOnly />
    </span>
  )
}

/** A value to carry over into another system: labelled, whole, one click to copy. */
export function CopyField({ label, text, hint }: { label: string; text: string; hint?: ReactNode }) {
  return (
    <div className="min-w-0">
      <p className="text-sm font-medium">{label}</p>
      {hint && <p className="mt-0.5 text-sm text-muted">{hint}</p>}
      <div className="mt-1.5 flex items-stretch rounded-md border border-rule bg-sunken">
        <code className="min-w-0 flex-1 px-3 py-2 font-mono text-sm wrap-anywhere">{text}</code>
        <span className="flex items-center border-l border-rule px-1">
          <CopyButton text={text} label={`Copy ${label}`} iconOnly />
        </span>
      </div>
    </div>
  )
}
