import { type MessageFilters, RANGES, withParams } from '#lib/log-filters'
import { planSearch } from '#lib/message-search'
import { TextLink } from '#ui/text-link'

/** Says how a search was understood and how far it reached, since ids are found at any time and words are not. */
export function SearchScope({ filters, foundById }: { filters: MessageFilters; foundById: boolean }) {
  const plan = planSearch(filters.q, filters.in)
  const where = [
    ...(plan.contact ? ['contacts that begin with it'] : []),
    ...(plan.text ? ['words in texts, subjects and names'] : []),
  ]
  const when = filters.range === 'custom' ? 'the time you chose' : `the ${RANGES[filters.range].label.toLowerCase()}`
  return (
    <p className="border-b border-rule bg-sunken/50 px-4 py-2 text-sm text-muted sm:px-5">
      {foundById ? (
        <>
          Found by its id, at any time.{' '}
          <TextLink href={withParams('/messages', filters, { in: 'text' })}>Search in texts instead</TextLink>
        </>
      ) : where.length === 0 ? (
        'Searched for an id, at any time.'
      ) : (
        <>
          Searched {where.join(' and ')} in {when}; ids at any time.
        </>
      )}
    </p>
  )
}
