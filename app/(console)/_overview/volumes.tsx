import { countQueued, type HourSum, MOST_COUNTED, sumHourlyStats } from '#db/queries/overview'
import type { Direction } from '#db/schema/targets'
import { db } from '#lib/database'
import { formatNumber } from '#lib/format'
import { Section } from '#ui/section'
import { VolumeChart, type VolumeHour } from '#ui/volume-chart'

const HOUR_MS = 3_600_000
const HOURS = 24

/** How much crossed in the last 24 hours, from the hourly counters. Test messages are not counted. */
export async function Volumes({ now }: { now: Date }) {
  const first = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS - (HOURS - 1) * HOUR_MS)
  const [sums, queued] = await Promise.all([sumHourlyStats(db(), first), countQueued(db())])
  const total = (direction: Direction) =>
    sums.filter((sum) => sum.direction === direction).reduce((count, sum) => count + sum.delivered, 0)
  return (
    <Section
      id="volumes"
      title="Last 24 hours"
      description="Messages by the hour in which they arrived on the other side or failed for good. Tests are left out."
    >
      <dl className="mb-6 grid grid-cols-2 gap-4 sm:grid-cols-4">
        <Figure label="Delivered to Front">{formatNumber(total('inbound'))}</Figure>
        <Figure label="Delivered to providers">{formatNumber(total('outbound'))}</Figure>
        <Figure label="Failed">{formatNumber(sums.reduce((count, sum) => count + sum.failed, 0))}</Figure>
        <Figure label="Waiting now">
          {queued >= MOST_COUNTED ? `${formatNumber(MOST_COUNTED)}+` : formatNumber(queued)}
        </Figure>
      </dl>
      {sums.length === 0 ? (
        <p className="text-muted">Nothing has crossed in these hours.</p>
      ) : (
        <VolumeChart label="Messages per hour, last 24 hours" hours={toHours(sums, first)} />
      )}
    </Section>
  )
}

function Figure({ label, children }: { label: string; children: string }) {
  return (
    <div>
      <dt className="text-sm text-muted">{label}</dt>
      <dd className="text-xl font-semibold tracking-tight">{children}</dd>
    </div>
  )
}

function toHours(sums: HourSum[], first: Date): VolumeHour[] {
  return Array.from({ length: HOURS }, (_, index) => {
    const hour = new Date(first.getTime() + index * HOUR_MS)
    const end = new Date(hour.getTime() + HOUR_MS)
    const own = sums.filter((sum) => sum.hour.getTime() === hour.getTime())
    const count = (of: 'delivered' | 'failed') => own.reduce((all, sum) => all + sum[of], 0)
    const href = `/messages?range=custom&from=${hour.toISOString()}&to=${end.toISOString()}`
    return { hour, delivered: count('delivered'), failed: count('failed'), href }
  })
}
