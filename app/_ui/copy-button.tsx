'use client'

import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button, type ButtonVariant } from '#ui/button'
import { IconButton } from '#ui/icon-button'

type Props = {
  text: string
  /** What is copied: "Copy the URL". It names the button, and shows unless `iconOnly`. */
  label?: string
  iconOnly?: boolean
  variant?: ButtonVariant
}

/** Copies text and says "Copied", to the eye and to screen readers. */
export function CopyButton({ text, label = 'Copy', iconOnly = false, variant = 'secondary' }: Props) {
  const [result, setResult] = useState<'copied' | 'refused' | null>(null)
  useEffect(() => {
    if (!result) return
    const timer = setTimeout(() => setResult(null), 2500)
    return () => clearTimeout(timer)
  }, [result])
  const copy = async () => setResult((await writeClipboard(text)) ? 'copied' : 'refused')
  const icon = result === 'copied' ? Check : Copy
  return (
    <span className="inline-flex shrink-0">
      {iconOnly ? (
        <IconButton label={label} icon={icon} onClick={copy} className="size-8" />
      ) : (
        <Button size="sm" variant={variant} icon={icon} onClick={copy} aria-label={label}>
          {result === 'copied' ? 'Copied' : label}
        </Button>
      )}
      <span role="status" className="sr-only">
        {result === 'copied' && 'Copied'}
        {result === 'refused' && 'The browser did not allow copying. Select the text and copy it by hand.'}
      </span>
    </span>
  )
}

/** Outside https and localhost browsers have no clipboard, yet consoles on plain http exist. */
async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea')
  const focused = document.activeElement
  area.value = text
  area.style.position = 'fixed'
  area.style.opacity = '0'
  document.body.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return done
}
