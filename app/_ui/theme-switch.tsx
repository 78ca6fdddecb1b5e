'use client'

import { Monitor, Moon, Sun } from 'lucide-react'
import { cx } from '#ui/cx'
import { type Theme, useTheme } from '#ui/use-theme'

const THEMES = [
  { value: 'system', label: 'System', icon: Monitor },
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
] as const satisfies ReadonlyArray<{ value: Theme; label: string; icon: unknown }>

/** System, light or dark, as a small group of radios. */
export function ThemeSwitch({ name = 'theme' }: { name?: string }) {
  const [theme, setTheme] = useTheme()
  return (
    <fieldset className="flex rounded-md border border-rule bg-sunken p-0.5">
      <legend className="sr-only">Theme</legend>
      {THEMES.map(({ value, label, icon: Icon }) => (
        <label
          key={value}
          className={cx(
            'flex flex-1 items-center justify-center gap-1.5 rounded-sm px-2 py-1 text-xs text-muted hover:text-ink',
            'has-checked:bg-panel has-checked:font-medium has-checked:text-ink has-checked:shadow-sm',
            'has-focus-visible:outline-2 has-focus-visible:outline-accent',
          )}
        >
          <input
            type="radio"
            name={name}
            value={value}
            checked={theme === value}
            onChange={() => setTheme(value)}
            className="sr-only"
          />
          <Icon aria-hidden className="size-3.5" />
          {label}
        </label>
      ))}
    </fieldset>
  )
}
