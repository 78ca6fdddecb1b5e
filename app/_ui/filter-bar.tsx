import Form from 'next/form'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { Button, buttonClass } from '#ui/button'
import { FilterGrid } from '#ui/filter-grid'

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
      <Form action={action}>
        <FilterGrid
          buttons={
            <>
              <Button type="submit" className="max-sm:flex-1">
                {submitLabel}
              </Button>
              {clearHref && (
                <Link href={clearHref} className={buttonClass('quiet')}>
                  Clear
                </Link>
              )}
            </>
          }
        >
          {children}
        </FilterGrid>
      </Form>
    </search>
  )
}
