'use client'

import { SlidersHorizontal } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button } from '#ui/button'
import { cx } from '#ui/cx'

/** The fields of a FilterBar side by side. Phones show the first one; the others unfold, so that the list stays near. */
export function FilterGrid({ buttons, children }: { buttons: ReactNode; children: ReactNode }) {
  const [open, setOpen] = useState(false)
  return (
    <div
      className={cx(
        'grid grid-cols-2 items-end gap-3 *:first:col-span-2 sm:*:first:col-span-1 sm:grid-cols-[repeat(auto-fill,minmax(10.5rem,1fr))]',
        !open && 'max-sm:[&>*:not(:first-child):not([data-buttons])]:hidden',
      )}
    >
      {children}
      <div data-buttons className="flex gap-2 max-sm:col-span-2">
        {buttons}
        <Button
          variant="quiet"
          icon={SlidersHorizontal}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="sm:hidden"
        >
          {open ? 'Fewer filters' : 'More filters'}
        </Button>
      </div>
    </div>
  )
}
