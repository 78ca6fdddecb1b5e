import { Download } from 'lucide-react'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { z } from 'zod'
import { getRecovery, listRecoveryTargets } from '#db/queries/recoveries'
import { listChannelNames } from '#db/queries/request-log'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { formatNumber } from '#lib/format'
import { messageFilters } from '#lib/log-filters'
import { filterWords } from '#lib/recovery/words'
import { atLeastRole } from '#lib/roles'
import { ButtonLink } from '#ui/button'
import { PageHeader } from '#ui/page-header'
import { Stack } from '#ui/section'
import { RefreshWhile } from '../../_parts/refresh-while'
import { RecoveryChip } from '../recovery-chip'
import { Controls } from './controls'
import { RecoveryFacts } from './facts'
import { LeftItems } from './left-items'
import { Progress } from './progress'
import { RecoveryTargets } from './targets'

export const metadata: Metadata = { title: 'Recovery' }

const QUICK_MS = 2000
const query = z.object({ after: z.uuid().optional().catch(undefined) })

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function RecoveryPage({ params, searchParams }: Props) {
  const user = await requireUser('viewer')
  const id = z.uuid().safeParse((await params).id)
  const recovery = id.success ? await getRecovery(db(), id.data) : null
  if (!recovery) notFound()
  const { after = null } = query.parse(await searchParams)
  const [targets, channels] = await Promise.all([listRecoveryTargets(db(), recovery.id), listChannelNames(db())])
  const filters = messageFilters.parse(recovery.filter)
  const channelName = channels.find((one) => one.id === filters.channel)?.name ?? null
  const now = new Date()
  return (
    <>
      <RefreshWhile active={recovery.endedAt === null} everyMs={QUICK_MS} />
      <PageHeader
        breadcrumb={[
          { href: '/messages', label: 'Messages' },
          { href: '/recoveries', label: 'Recoveries' },
        ]}
        title={`Recovery of ${formatNumber(recovery.total)} ${recovery.total === 1 ? 'message' : 'messages'}`}
        badges={<RecoveryChip status={recovery.status} />}
        description={`${filterWords(filters, channelName).join(', ')}.`}
        actions={
          <>
            <ButtonLink icon={Download} href={`/recoveries/${recovery.id}/result.csv`} prefetch={false} download>
              Download the result
            </ButtonLink>
            {atLeastRole(user.role, 'support') && <Controls recovery={recovery} />}
          </>
        }
      />
      <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <Stack>
          <Progress recovery={recovery} targets={targets} now={now} />
          <LeftItems recovery={recovery} after={after} />
        </Stack>
        <Stack>
          <RecoveryFacts recovery={recovery} now={now} />
          <RecoveryTargets targets={targets} now={now} open={recovery.endedAt === null} />
        </Stack>
      </div>
    </>
  )
}
