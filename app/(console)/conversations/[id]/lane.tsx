import type { WaitingLane } from '#db/queries/conversation-page'
import { asSentence } from '#lib/format'
import { Callout } from '#ui/callout'
import { TextLink } from '#ui/text-link'
import { Time } from '#ui/time'

/** What waits in one direction, and for what. */
export function Lane({ lane, now }: { lane: WaitingLane; now: Date }) {
  const { direction, waiting, dueAt, leased, headDeliveryId, headStatus, heldSince, heldReason } = lane
  const where = direction === 'inbound' ? 'to Front' : 'to the provider'
  const count = waiting === 1 ? 'One message waits' : `${waiting} messages wait`
  const head = <TextLink href={`/messages/${headDeliveryId}`}>the next message</TextLink>
  if (headStatus === 'failed' && dueAt === null) {
    return (
      <Callout tone="bad" title={`${count} on the way ${where}`}>
        Blocked: {head} has failed, and this channel holds a conversation until somebody retries or discards what
        failed.
      </Callout>
    )
  }
  if (heldSince) {
    return (
      <Callout tone="warn" title={`${count} on the way ${where}`}>
        {asSentence(heldReason ?? 'The channel is held')} Everything is kept and goes out in order when that is over.
      </Callout>
    )
  }
  return (
    <Callout tone="info" title={`${count} on the way ${where}`}>
      {leased && dueAt && dueAt > now ? (
        <>Sending {head} right now.</>
      ) : dueAt && dueAt > now ? (
        <>
          Order is kept: {head} goes first, next attempt <Time at={dueAt} now={now} />.
        </>
      ) : (
        <>Order is kept: {head} is about to be sent.</>
      )}
    </Callout>
  )
}
