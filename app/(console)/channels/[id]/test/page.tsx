import type { Metadata } from 'next'
import { listTestMessages, type TestMessage } from '#db/queries/test-messages'
import type { Direction } from '#db/schema/targets'
import { db } from '#lib/database'
import { explainStatus, shownStatus } from '#lib/delivery/status-words'
import { Callout } from '#ui/callout'
import { List, ListRow } from '#ui/list'
import { NotAllowed } from '#ui/not-allowed'
import { Section, Stack } from '#ui/section'
import { StatusChip } from '#ui/status-chip'
import { Time } from '#ui/time'
import { RefreshWhile } from '../../../_parts/refresh-while'
import { ChannelHead } from '../../_parts/channel-head'
import { type LoadedChannel, loadChannel } from '../../_parts/load-channel'
import { requireRole } from '../../_parts/require-role'
import { SendTest } from './send-test'

export const metadata: Metadata = { title: 'Test' }

const SIDES = {
  inbound: {
    title: 'To Front',
    words:
      'Goes the way of a provider’s message. It appears in Front, in a conversation of its own, and can be archived there.',
  },
  outbound: {
    title: 'To the provider',
    words:
      'Goes the way of a teammate’s reply, signed, and says that it is a test: test is true, or the header Patchbay-Test.',
  },
} as const

export default async function TestPage({ params }: { params: Promise<{ id: string }> }) {
  const { user, role } = await requireRole('viewer')
  if (!role.support) return <NotAllowed needs="support" role={user.role} />
  const loaded = await loadChannel((await params).id)
  const { channel } = loaded
  const tests = await listTestMessages(db(), channel.id)
  return (
    <>
      <ChannelHead loaded={loaded} tab="test" role={role} />
      <RefreshWhile active={tests.some(isUnderWay) && !channel.archivedAt} everyMs={1500} />
      <Stack className="max-w-3xl">
        {channel.archivedAt ? (
          <Callout title="This channel is archived">Nothing can be sent through it.</Callout>
        ) : (
          <>
            <Side loaded={loaded} direction="inbound" tests={tests} />
            <Side loaded={loaded} direction="outbound" tests={tests} />
          </>
        )}
        <p className="text-sm text-muted">Tests are marked as such everywhere and are left out of the figures.</p>
      </Stack>
    </>
  )
}

type SideProps = { loaded: LoadedChannel; direction: Direction; tests: TestMessage[] }

function Side({ loaded: { channel, targets, now }, direction, tests }: SideProps) {
  const held = targets.some((target) => target.direction === direction && target.heldSince !== null)
  const own = tests.filter((test) => test.direction === direction)
  const impossible = whyNot(channel, direction)
  return (
    <Section title={SIDES[direction].title} description={SIDES[direction].words} flush>
      <div className="px-4 py-4 sm:px-5">
        {impossible ? (
          <p className="text-muted">{impossible}</p>
        ) : (
          <SendTest channelId={channel.id} direction={direction} />
        )}
      </div>
      {own.length > 0 && (
        <div className="border-t border-rule">
          <List label={`Tests ${SIDES[direction].title.toLowerCase()}`}>
            {own.map((test) => (
              <TestRow key={test.id} test={test} held={held} now={now} />
            ))}
          </List>
        </div>
      )}
    </Section>
  )
}

function TestRow({ test, held, now }: { test: TestMessage; held: boolean; now: Date }) {
  const status = shownStatus({ ...test, held })
  const chip = status === 'delivered' && test.direction === 'inbound' ? inboundChip(test) : status
  const next = test.status === 'retrying' && test.nextAttemptAt
  return (
    <ListRow
      href={`/messages/${test.id}`}
      title={<StatusChip status={chip} />}
      trailing={<Time at={test.createdAt} now={now} focusable={false} />}
    >
      <span className="mt-1 block">{explainStatus({ ...test, held })}</span>
      {test.lastError && test.status !== 'delivered' && <span className="mt-1 block text-bad">{test.lastError}</span>}
      {next && (
        <span className="mt-1 block">
          Next attempt <Time at={next} now={now} focusable={false} />
        </span>
      )}
    </ListRow>
  )
}

function inboundChip({ frontState }: TestMessage) {
  return frontState === 'confirmed' ? 'confirmed' : 'accepted'
}

function isUnderWay({ status, frontState, direction }: TestMessage): boolean {
  if (status === 'pending' || status === 'retrying') return true
  return direction === 'inbound' && status === 'delivered' && frontState === 'accepted'
}

function whyNot(channel: LoadedChannel['channel'], direction: Direction): string | null {
  if (direction === 'inbound') return null
  if (channel.receiveOnly) return 'This channel is receive-only: nothing goes to the provider.'
  return channel.providerUrl ? null : 'Set the provider’s URL in the settings first.'
}
