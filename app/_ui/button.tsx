import { LoaderCircle, type LucideIcon } from 'lucide-react'
import Link from 'next/link'
import type { ComponentProps, ReactNode } from 'react'
import { cx } from '#ui/cx'

export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger' | 'link'
export type ButtonSize = 'md' | 'sm'

type Look = { variant?: ButtonVariant; size?: ButtonSize; icon?: LucideIcon; children: ReactNode }

/** A button that does something; `type` is "button" unless said otherwise. `pending` shows that it is at work. */
export function Button({
  variant = 'secondary',
  size = 'md',
  icon,
  pending = false,
  className,
  children,
  ...props
}: Look & { pending?: boolean } & ComponentProps<'button'>) {
  return (
    <button
      type="button"
      {...props}
      aria-disabled={pending || undefined}
      className={cx(buttonClass(variant, size), pending && 'pointer-events-none opacity-70', className)}
    >
      {pending ? <LoaderCircle aria-hidden className="size-4 animate-spin" /> : <Icon icon={icon} />}
      {children}
    </button>
  )
}

/** A link that looks like a button. Use it for going somewhere; `external` opens a new tab safely. */
export function ButtonLink({
  variant = 'secondary',
  size = 'md',
  icon,
  external = false,
  className,
  children,
  ...props
}: Look & { external?: boolean } & ComponentProps<typeof Link>) {
  const newTab = external ? { target: '_blank', rel: 'noreferrer' } : {}
  return (
    <Link {...props} {...newTab} className={cx(buttonClass(variant, size), className)}>
      <Icon icon={icon} />
      {children}
    </Link>
  )
}

const VARIANTS: Record<ButtonVariant, string> = {
  primary: 'bg-accent text-accent-ink hover:bg-accent-hover',
  secondary: 'border border-edge/60 bg-panel text-ink hover:border-edge hover:bg-hover',
  quiet: 'text-muted hover:bg-hover hover:text-ink',
  danger: 'bg-bad-fill text-bad-ink hover:bg-bad-hover',
  link: 'text-accent underline decoration-1 underline-offset-4 hover:text-accent-hover hover:decoration-2',
}

const SIZES: Record<ButtonSize, string> = {
  md: 'h-9 px-3.5 text-base pointer-coarse:h-11',
  sm: 'h-7.5 px-2.5 text-sm pointer-coarse:h-10',
}

/** The class names of a button, for the rare element that is neither Button nor ButtonLink. */
export function buttonClass(variant: ButtonVariant = 'secondary', size: ButtonSize = 'md'): string {
  return cx(
    'inline-flex shrink-0 items-center justify-center gap-2 rounded-md font-medium whitespace-nowrap transition-colors',
    'disabled:cursor-not-allowed disabled:opacity-55',
    variant === 'link' ? 'text-base' : SIZES[size],
    VARIANTS[variant],
  )
}

function Icon({ icon: Glyph }: { icon?: LucideIcon | undefined }) {
  return Glyph ? <Glyph aria-hidden strokeWidth={1.75} className="size-4 shrink-0" /> : null
}
