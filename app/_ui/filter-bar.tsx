import Form from 'next/form'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { Button, buttonClass } from '#ui/button'

type Props = {
  /** The page's own path: the form puts its fields into the URL. */
  action: string
  label: string
  /** Where "Clear" leads; left out when no filter is on. */
  clearHref?: string | undefined
  submitLabel?: string
  children: ReactNode
}

/** Filters of a list as a GET form. Children are fields; give those without a visible place in the form as hidden inputs. */
export function FilterBar({ action, label, clearHref, submitLabel = 'Apply', children }: Props) {
  return (
    <search aria-label={label} className="block rounded-lg border border-rule bg-panel p-3 sm:p-4">
      <Form
        action={action}
        className="grid grid-cols-2 items-end gap-3 *:first:col-span-2 sm:*:first:col-span-1 sm:grid-cols-[repeat(auto-fill,minmax(10.5rem,1fr))]"
      >
        {children}
        <div className="flex gap-2 max-sm:col-span-2">
          <Button type="submit" className="flex-1 sm:flex-none">
            {submitLabel}
          </Button>
          {clearHref && (
            <Link href={clearHref} className={buttonClass('quiet')}>
              Clear
            </Link>
          )}
        </div>
      </Form>
    </search>
  )
}
