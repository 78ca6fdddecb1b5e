import { CircleCheck, CircleHelp, CircleX, ShieldAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { timeOfId } from '#db/ids'
import {
  countFailures,
  countSlowConfirmations,
  countUnconfirmed,
  type FailureGroup,
  MOST_COUNTED,
} from '#db/queries/overview'
import { countRefusals } from '#db/queries/request-log'
import { db } from '#lib/database'
import { errorWords } from '#lib/delivery/error-words'
import { withParams } from '#lib/log-filters'
import { requestWords } from '#lib/request-words'
import { DirectionBadge } from '#ui/direction-badge'
import { List, ListRow } from '#ui/list'
import { Section } from '#ui/section'
import { Time } from '#ui/time'

const DAY_MS = 86_400_000
/** Front usually shows a message within seconds of accepting it. */
const SLOW_AFTER_MS = 600_000

/** Refused calls are the callers' to mend, so the most frequent are enough here. */
const SHOWN_REFUSALS = 3

type Refusal = Awaited<ReturnType<typeof countRefusals>>[number]

/** Everything that waits for a person, most of the same kind first, each leading to its messages. */
export async function NeedsAttention({ now }: { now: Date }) {
  const [failures, unconfirmed, slow, refusals] = await Promise.all([
    countFailures(db()),
    countUnconfirmed(db()),
    countSlowConfirmations(db(), new Date(now.getTime() - SLOW_AFTER_MS)),
    countRefusals(db(), new Date(now.getTime() - DAY_MS)),
  ])
  const nothing = failures.length === 0 && unconfirmed.count === 0 && slow === 0 && refusals.length === 0
  return (
    <Section id="attention" title="Needs attention" flush={!nothing}>
      {nothing ? (
        <p className="flex items-center gap-2.5">
          <CircleCheck aria-hidden className="size-4.5 text-ok" />
          Nothing. Every message has arrived or is on its way.
        </p>
      ) : (
        <List label="Needs attention">
          {failures.map((group) => (
            <Failure key={`${group.channelId} ${group.direction} ${group.errorClass}`} group={group} now={now} />
          ))}
          {unconfirmed.count > 0 && (
            <Row
              icon={<CircleHelp aria-hidden className="size-4.5 text-bad" />}
              href={withParams('/messages', { status: 'unconfirmed' }, ANY_TIME)}
              title={`${messages(unconfirmed.count)} accepted by Front but never seen there`}
              detail="They may be lost. Look in Front, then send again or discard."
            />
          )}
          {slow > 0 && (
            <Row
              icon={<CircleHelp aria-hidden className="size-4.5 text-warn" />}
              href="/messages?direction=inbound&status=delivered&range=24h"
              title={`${messages(slow)} not confirmed for more than 10 minutes`}
              detail="Front accepted them; Patchbay keeps looking."
            />
          )}
          <Refusals refusals={refusals} now={now} />
        </List>
      )}
    </Section>
  )
}

/** Failures wait until somebody decides, however long ago they happened. */
const ANY_TIME = { range: 'custom', from: '2020-01-01' }

function Failure({ group, now }: { group: FailureGroup; now: Date }) {
  const { channelId, channelName, direction, errorClass, count, blocking, newestId } = group
  const words = errorWords(errorClass, direction, { ended: true })
  const filters = { status: 'failed', channel: channelId, direction, cause: errorClass }
  const hrefs: Partial<Record<typeof direction, string>> = {
    report: `/channels/${channelId}#untold`,
    alert: '/settings/alerts#recent',
  }
  return (
    <Row
      icon={<CircleX aria-hidden className="size-4.5 text-bad" />}
      href={hrefs[direction] ?? withParams('/messages', filters, ANY_TIME)}
      title={`${counted(direction, count)} failed: ${inSentence(words.title)}`}
      detail={
        <>
          {channelName}. {words.tryThis}
          {blocking > 0 &&
            ` ${blocking === 1 ? 'One conversation waits' : `${blocking} conversations wait`} for a decision.`}
        </>
      }
      trailing={
        <>
          {(direction === 'inbound' || direction === 'outbound') && <DirectionBadge direction={direction} />}
          <Time at={timeOfId(newestId)} now={now} focusable={false} />
        </>
      }
    />
  )
}

function Refused({ refusal, now }: { refusal: Refusal; now: Date }) {
  const { channelId, channelName, appId, appName, code, count, newestId } = refusal
  const { title } = requestWords(code, appId ? 'app' : 'inbound')
  const place = channelId ? { channel: channelId } : { app: appId }
  return (
    <Row
      icon={<ShieldAlert aria-hidden className="size-4.5 text-warn" />}
      href={withParams('/requests', { ...place, code, range: '24h' })}
      title={`${count === 1 ? 'One call' : `${bounded(count)} calls`} refused in the last 24 hours: ${inSentence(title)}`}
      detail={`${channelName ?? appName}.`}
      trailing={<Time at={timeOfId(newestId)} now={now} focusable={false} />}
    />
  )
}

function Refusals({ refusals, now }: { refusals: Refusal[]; now: Date }) {
  return (
    <>
      {refusals.slice(0, SHOWN_REFUSALS).map((refusal) => (
        <Refused key={`${refusal.channelId} ${refusal.appId} ${refusal.code}`} refusal={refusal} now={now} />
      ))}
      {refusals.length > SHOWN_REFUSALS && <MoreRefused refusals={refusals.slice(SHOWN_REFUSALS)} />}
    </>
  )
}

function MoreRefused({ refusals }: { refusals: Refusal[] }) {
  const count = refusals.reduce((sum, refusal) => sum + refusal.count, 0)
  return (
    <Row
      icon={<ShieldAlert aria-hidden className="size-4.5 text-warn" />}
      href="/requests?range=24h"
      title={count === 1 ? 'One more call was refused' : `${bounded(count)} more calls were refused`}
      detail={`For ${refusals.length === 1 ? 'another reason' : `${refusals.length} other reasons`}, in the last 24 hours.`}
    />
  )
}

type RowProps = { icon: ReactNode; href: string; title: string; detail: ReactNode; trailing?: ReactNode }

function Row({ icon, href, title, detail, trailing }: RowProps) {
  return (
    <ListRow leading={icon} href={href} title={title} trailing={trailing}>
      {detail}
    </ListRow>
  )
}

/** A title within a sentence. Front is a name. */
function inSentence(title: string): string {
  return title.startsWith('Front') ? title : title.charAt(0).toLowerCase() + title.slice(1)
}

function messages(count: number): string {
  return count === 1 ? 'One message' : `${bounded(count)} messages`
}

function counted(direction: FailureGroup['direction'], count: number): string {
  if (direction === 'report') return count === 1 ? 'One report to Front' : `${bounded(count)} reports to Front`
  if (direction === 'alert') return count === 1 ? 'One alert' : `${bounded(count)} alerts`
  return messages(count)
}

function bounded(count: number): string {
  return count >= MOST_COUNTED ? `${MOST_COUNTED} or more` : String(count)
}
