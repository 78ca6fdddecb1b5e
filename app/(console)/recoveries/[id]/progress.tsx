import type { Recovery, RecoveryTarget } from '#db/queries/recoveries'
import { formatNumber } from '#lib/format'
import { estimateMs, estimateWords } from '#lib/recovery/estimate'
import { obstacle } from '#lib/recovery/obstacle'
import { Callout } from '#ui/callout'
import { cx } from '#ui/cx'
import { Section } from '#ui/section'

type Props = { recovery: Recovery; targets: RecoveryTarget[]; now: Date }

/** How far it is, in a bar, in numbers and in a sentence. */
export function Progress({ recovery, targets, now }: Props) {
  const { total, waiting, sending, delivered, failed, skipped, cancelled } = recovery
  const ended = total - waiting - sending
  const parts = [
    { label: 'Delivered', count: delivered, fill: 'bg-ok' },
    { label: 'Failed again', count: failed, fill: 'bg-bad' },
    { label: 'Left alone', count: skipped, fill: 'bg-edge' },
    { label: 'Not sent', count: cancelled, fill: 'bg-hold' },
    { label: 'On their way', count: sending, fill: 'bg-accent' },
    { label: 'Waiting', count: waiting, fill: 'bg-sunken border border-edge' },
  ]
  return (
    <Section id="progress" title="Progress" description={summary(recovery, targets)}>
      <div className="flex flex-col gap-4">
        <div
          role="progressbar"
          aria-label="Messages that have ended"
          aria-valuemin={0}
          aria-valuemax={total}
          aria-valuenow={ended}
          aria-valuetext={`${formatNumber(ended)} of ${formatNumber(total)}`}
          className="flex h-2.5 overflow-hidden rounded-full bg-sunken"
        >
          {parts.slice(0, -1).map(({ label, count, fill }) => (
            <span key={label} className={fill} style={{ width: `${total === 0 ? 0 : (100 * count) / total}%` }} />
          ))}
        </div>
        <dl className="grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-3">
          {parts.map(({ label, count, fill }) => (
            <div key={label}>
              <dt className="flex items-center gap-2 text-sm text-muted">
                <span aria-hidden className={cx('size-2.5 shrink-0 rounded-full', fill)} />
                {label}
              </dt>
              <dd className="text-lg font-semibold tabular-nums">{formatNumber(count)}</dd>
            </div>
          ))}
        </dl>
        {recovery.status === 'running' && waiting > 0 && <Waits targets={targets} now={now} />}
      </div>
    </Section>
  )
}

function summary({ status, stoppedBy, waiting, sending, perMinute, endedAt }: Recovery, targets: RecoveryTarget[]) {
  if (status === 'queueing') return 'Looking up which messages match. It begins in a moment.'
  if (status === 'done') return 'Every message has ended one way or the other.'
  if (status === 'paused')
    return `${stoppedBy ?? 'Somebody'} paused it. Nothing more is sent until somebody resumes it.`
  if (status === 'cancelled') {
    const underWay = endedAt ? '' : ` ${formatNumber(sending)} that were on their way go on.`
    return `${stoppedBy ?? 'Somebody'} cancelled it.${underWay}`
  }
  const total = targets.reduce((sum, target) => sum + target.total, 0)
  const left = targets.map((target) => ({ ...target, count: total === 0 ? 0 : (target.total * waiting) / total }))
  if (waiting === 0) return 'All have been sent; those on their way are followed to their end.'
  return `Takes ${estimateWords(estimateMs(left, perMinute))} more if all goes well.`
}

function Waits({ targets, now }: Pick<Props, 'targets' | 'now'>) {
  const still = targets.filter((target) => obstacle(target, now) !== null)
  const names = [...new Set(still.map(({ channelName }) => channelName))]
  const reasons = [...new Set(still.map((target) => obstacle(target, now)))]
  if (still.length === 0) return null
  return (
    <Callout tone="warn" title={still.length === targets.length ? 'It waits' : 'Some of it waits'}>
      {names.length === 1 && reasons.length === 1
        ? `${names[0]}: ${reasons[0]}`
        : `${names.length === 1 ? names[0] : `${names.length} channels`} may not be called now. The messages follow when that is over.`}
    </Callout>
  )
}
