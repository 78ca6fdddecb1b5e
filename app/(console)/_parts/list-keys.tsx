'use client'

import { useEffect } from 'react'

/**
 * Keys for lists: `/` goes to the search field, j and k to the next and previous row (`a[data-row]`), whose link Enter
 * opens by itself. Moves the real focus, so a screen reader says the row; leaves every key alone while somebody types.
 */
export function ListKeys() {
  useEffect(() => {
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  return null
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return
  if (event.key === '/') {
    const search = document.querySelector<HTMLInputElement>('input[type="search"]')
    if (!search) return
    event.preventDefault()
    search.focus()
    search.select()
  }
  if (event.key === 'j') move(1)
  if (event.key === 'k') move(-1)
}

function move(step: number): void {
  const rows = Array.from<Element | null>(document.querySelectorAll('a[data-row]'))
  const at = rows.indexOf(document.activeElement)
  const next = at === -1 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step))
  const row = rows[next]
  if (!(row instanceof HTMLElement)) return
  row.focus()
  row.scrollIntoView({ block: 'nearest' })
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName) ||
      target.closest('[role="dialog"]') !== null)
  )
}
