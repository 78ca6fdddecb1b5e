import { RotateCw } from 'lucide-react'
import { countMatching } from '#db/queries/select-recovery'
import { db } from '#lib/database'
import { formatNumber } from '#lib/format'
import { isRecoverable, type MessageFilters, toLogFilter, withParams } from '#lib/log-filters'
import { ButtonLink } from '#ui/button'

/** Beyond this the exact number is counted on the next page. */
const MOST_COUNTED = 10_000

/** Leads from a filter of failures to sending all of them again, not only those on this page. */
export async function RecoverBar({ filters, now }: { filters: MessageFilters; now: Date }) {
  if (!isRecoverable(filters)) return null
  const filter = toLogFilter({ ...filters, before: undefined, after: undefined }, now)
  const count = await countMatching(db(), filter, MOST_COUNTED)
  if (count === 0) return null
  const many = count >= MOST_COUNTED ? `${formatNumber(MOST_COUNTED)} or more` : formatNumber(count)
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b border-rule bg-sunken/50 px-4 py-2 sm:px-5">
      <p className="text-sm text-muted">{count === 1 ? 'One message matches.' : `${many} messages match.`}</p>
      <ButtonLink size="sm" icon={RotateCw} href={withParams('/recoveries/new', filters)} prefetch={false}>
        {count === 1 ? 'Recover it' : `Recover all ${many}`}
      </ButtonLink>
    </div>
  )
}
