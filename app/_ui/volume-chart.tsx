'use client'

import Link from 'next/link'
import { useSyncExternalStore } from 'react'
import { cx } from '#ui/cx'
import { Disclosure } from '#ui/disclosure'

export type VolumeHour = { hour: Date; delivered: number; failed: number; href?: string }

/** One stacked bar per hour, oldest first; a bar with `href` leads to the messages of its hour. The table says the same. */
export function VolumeChart({ label, hours }: { label: string; hours: readonly VolumeHour[] }) {
  const zone = useViewersZone()
  const highest = Math.max(1, ...hours.map(({ delivered, failed }) => delivered + failed))
  return (
    <figure aria-label={label} className="min-w-0">
      <div className="mb-3 flex items-center justify-between text-sm text-muted">
        <Legend />
        <span>
          Highest hour <span className="font-medium text-ink">{highest.toLocaleString('en-GB')}</span>
        </span>
      </div>
      <div className="flex h-32 items-end gap-0.5 border-b border-edge sm:gap-1">
        {hours.map((hour) => (
          <Bar key={hour.hour.getTime()} hour={hour} highest={highest} zone={zone} />
        ))}
      </div>
      <div aria-hidden className="mt-1 flex gap-0.5 text-2xs text-faint sm:gap-1">
        {hours.map(({ hour }, index) => (
          <span key={hour.getTime()} className="flex-1 overflow-visible whitespace-nowrap">
            {index % 6 === 0 && clock(hour, zone)}
          </span>
        ))}
      </div>
      <div className="mt-3">
        <Disclosure summary="Show as a table">
          <VolumeTable label={label} hours={hours} zone={zone} />
        </Disclosure>
      </div>
    </figure>
  )
}

type BarProps = { hour: VolumeHour; highest: number; zone: Zone }

function Bar({ hour: { hour, delivered, failed, href }, highest, zone }: BarProps) {
  const words = `${clock(hour, zone)}: ${delivered} delivered, ${failed} failed`
  const bars = (
    <>
      <span className="w-full rounded-t-[1px] bg-chart-bad" style={{ height: share(failed, highest) }} />
      <span
        className={cx('w-full bg-chart', !failed && 'rounded-t-[1px]')}
        style={{ height: share(delivered, highest) }}
      />
    </>
  )
  const look = 'flex h-full min-w-0 flex-1 flex-col justify-end gap-px rounded-t-sm hover:bg-hover'
  if (!href || delivered + failed === 0)
    return (
      <span title={words} className={look}>
        {bars}
      </span>
    )
  return (
    <Link href={href} title={words} aria-label={words} className={look}>
      {bars}
    </Link>
  )
}

/** Small numbers stay visible beside large ones. */
function share(count: number, highest: number): string {
  return count === 0 ? '0' : `max(3px, ${(count / highest) * 100}%)`
}

function Legend() {
  return (
    <span className="flex gap-4">
      <span className="flex items-center gap-1.5">
        <span aria-hidden className="size-2.5 rounded-[1px] bg-chart" /> Delivered
      </span>
      <span className="flex items-center gap-1.5">
        <span aria-hidden className="size-2.5 rounded-[1px] bg-chart-bad" /> Failed
      </span>
    </span>
  )
}

function VolumeTable({ label, hours, zone }: { label: string; hours: readonly VolumeHour[]; zone: Zone }) {
  return (
    <table className="w-full max-w-md text-sm">
      <caption className="sr-only">{label}</caption>
      <thead>
        <tr className="border-b border-rule text-left">
          <th scope="col" className="legend py-1.5">
            Hour
          </th>
          <th scope="col" className="legend py-1.5 text-right">
            Delivered
          </th>
          <th scope="col" className="legend py-1.5 text-right">
            Failed
          </th>
        </tr>
      </thead>
      <tbody className="divide-y divide-rule">
        {hours.map(({ hour, delivered, failed }) => (
          <tr key={hour.getTime()}>
            <th scope="row" className="py-1 text-left font-normal">
              {clock(hour, zone)}
            </th>
            <td className="py-1 text-right">{delivered}</td>
            <td className="py-1 text-right">{failed}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

type Zone = string | undefined

function clock(hour: Date, timeZone: Zone): string {
  return hour.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone })
}

/** UTC until the page is awake, then the viewer's own. */
function useViewersZone(): Zone {
  return useSyncExternalStore(
    neverChanges,
    () => undefined,
    () => 'UTC',
  )
}

const neverChanges = () => () => {}
