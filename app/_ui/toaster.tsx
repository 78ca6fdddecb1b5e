'use client'

import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { IconButton } from '#ui/icon-button'

type Toast = { id: number; message: string; tone: 'ok' | 'bad' }

const SHOWN_MS = 8000
let toasts: readonly Toast[] = []
let lastId = 0
const listeners = new Set<() => void>()

/** Says something for a few seconds in the corner, such as "Queued again.", and to screen readers. Browser only. */
export function showToast(message: string, tone: Toast['tone'] = 'ok'): void {
  lastId += 1
  const toast = { id: lastId, message, tone }
  replace([...toasts.slice(-2), toast])
  setTimeout(() => dismiss(toast.id), SHOWN_MS)
}

/** The place where toasts appear; the console's shell has it already. */
export function Toaster() {
  const shown = useSyncExternalStore(
    subscribe,
    () => toasts,
    () => NONE,
  )
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-4 z-50 flex flex-col gap-2 sm:left-auto sm:w-88"
    >
      {shown.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  )
}

function ToastCard({ toast }: { toast: Toast }) {
  const Icon = toast.tone === 'ok' ? CircleCheck : CircleAlert
  return (
    <div className="pointer-events-auto flex items-center gap-3 rounded-lg border border-rule bg-panel py-1.5 pr-1.5 pl-4 shadow-raised">
      <Icon aria-hidden className={toast.tone === 'ok' ? 'size-4 shrink-0 text-ok' : 'size-4 shrink-0 text-bad'} />
      <p className="flex-1 py-1">{toast.message}</p>
      <IconButton label="Dismiss" icon={X} onClick={() => dismiss(toast.id)} />
    </div>
  )
}

const NONE: readonly Toast[] = []

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function dismiss(id: number): void {
  replace(toasts.filter((toast) => toast.id !== id))
}

function replace(next: readonly Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}
