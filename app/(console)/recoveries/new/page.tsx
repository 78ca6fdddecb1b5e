import type { Metadata } from 'next'
import { listTargetFacts } from '#db/queries/recoveries'
import { listChannelNames } from '#db/queries/request-log'
import { countRecoverable } from '#db/queries/select-recovery'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { formatNumber } from '#lib/format'
import { firstValues, isRecoverable, messageFilters, timeSpan, toLogFilter, withParams } from '#lib/log-filters'
import { filterWords } from '#lib/recovery/words'
import { atLeastRole } from '#lib/roles'
import { ButtonLink } from '#ui/button'
import { NotAllowed } from '#ui/not-allowed'
import { PageHeader } from '#ui/page-header'
import { Section, Stack } from '#ui/section'
import { EmptyState } from '#ui/states'
import { Parts, type RecoveryPart } from './parts'
import { StartForm } from './start-form'
import { Warnings } from './warnings'

export const metadata: Metadata = { title: 'Recover messages' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

/** What a filter of the message log would send again, how long it takes, and the question whether to. */
export default async function NewRecoveryPage({ searchParams }: Props) {
  const user = await requireUser('viewer')
  if (!atLeastRole(user.role, 'support')) return <NotAllowed needs="support" role={user.role} />
  const asked = messageFilters.parse(firstValues(await searchParams))
  const now = new Date()
  // What is counted here is what will be sent: messages that come later are not in it.
  const filters = { ...asked, ...fixed(timeSpan(asked, now), now), before: undefined, after: undefined }
  const listHref = withParams('/messages', asked)
  const parts = isRecoverable(filters) ? await partsOf(filters) : []
  const total = parts.reduce((sum, { count }) => sum + count, 0)
  const channels = await listChannelNames(db())
  const channelName = channels.find(({ id }) => id === filters.channel)?.name ?? null
  return (
    <>
      <PageHeader
        breadcrumb={[
          { href: '/messages', label: 'Messages' },
          { href: listHref, label: 'This filter' },
        ]}
        title={
          total === 0 ? 'Nothing to recover' : `Recover ${formatNumber(total)} ${total === 1 ? 'message' : 'messages'}`
        }
        description={`${filterWords(asked, channelName).join(', ')}.`}
      />
      {total === 0 ? (
        <Section>
          <EmptyState
            title="Nothing here waits to be recovered"
            action={<ButtonLink href={listHref}>Back to the messages</ButtonLink>}
          >
            Only messages that failed, or that Front never showed, can be recovered. Those that another recovery is
            sending already are left to it.
          </EmptyState>
        </Section>
      ) : (
        <Stack>
          <Warnings parts={parts} now={now} />
          <Parts parts={parts} now={now} />
          <StartForm filter={withParams('', filters).slice(1)} parts={parts} total={total} />
        </Stack>
      )}
    </>
  )
}

function fixed({ from, to }: { from: Date; to: Date | null }, now: Date) {
  return { range: 'custom' as const, from, to: to ?? now }
}

async function partsOf(filters: Parameters<typeof toLogFilter>[0]): Promise<RecoveryPart[]> {
  const counts = await countRecoverable(db(), toLogFilter(filters, new Date()))
  const facts = await listTargetFacts(db(), [...new Set(counts.map(({ channelId }) => channelId))])
  return counts
    .flatMap((count) => {
      const target = facts.find((one) => one.channelId === count.channelId && one.direction === count.direction)
      return target ? [{ ...target, ...count }] : []
    })
    .sort((a, b) => b.count - a.count)
}
