import type { Metadata } from 'next'
import { Suspense } from 'react'
import { hasChannels } from '#db/queries/overview'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { env } from '#lib/env'
import { PageHeader } from '#ui/page-header'
import { Stack } from '#ui/section'
import { RowsSkeleton } from '#ui/skeletons'
import { FirstRun } from './_overview/first-run'
import { NeedsAttention } from './_overview/needs-attention'
import { NextStep } from './_overview/next-step'
import { Trouble } from './_overview/trouble'
import { Volumes } from './_overview/volumes'

export const metadata: Metadata = { title: 'Overview' }

export default async function OverviewPage() {
  const user = await requireUser('viewer')
  if (!(await hasChannels(db()))) return <FirstRun role={user.role} sandboxOn={env().SANDBOX === 'on'} />
  const now = new Date()
  return (
    <>
      <PageHeader title="Overview" description="What waits for a person, and how much crossed in the last 24 hours." />
      <Stack>
        <NextStep sandboxOn={env().SANDBOX === 'on'} />
        <Suspense fallback={<RowsSkeleton rows={3} />}>
          <NeedsAttention now={now} />
        </Suspense>
        <Suspense fallback={<RowsSkeleton rows={2} />}>
          <Trouble now={now} />
        </Suspense>
        <Suspense fallback={<RowsSkeleton rows={4} />}>
          <Volumes now={now} />
        </Suspense>
      </Stack>
    </>
  )
}
