import type { Metadata } from 'next'
import type { ChannelView } from '#db/queries/channels'
import { threadingRule } from '#lib/threading/rules'
import { Callout } from '#ui/callout'
import { NotAllowed } from '#ui/not-allowed'
import { Stack } from '#ui/section'
import { ChannelHead } from '../../_parts/channel-head'
import { loadChannel } from '../../_parts/load-channel'
import { requireRole } from '../../_parts/require-role'
import { ThreadingForm } from './threading-form'

export const metadata: Metadata = { title: 'Threading' }

const HANDLES = { custom: 'visitor-42', email: 'ada@example.com', phone: '+12025550123' } as const

export default async function ThreadingPage({ params }: { params: Promise<{ id: string }> }) {
  const { user, role } = await requireRole('viewer')
  if (!role.admin) return <NotAllowed needs="admin" role={user.role} />
  const loaded = await loadChannel((await params).id)
  const { channel } = loaded
  const rule = threadingRule.safeParse(channel.threading)
  return (
    <>
      <ChannelHead loaded={loaded} tab="threading" role={role} />
      <Stack className="max-w-3xl">
        {!rule.success && <Callout tone="bad" title="The stored rule cannot be read. Save a new one." />}
        {channel.kind === 'application' && (
          <Callout title="When a teammate begins a conversation in Front">
            Front remembers which conversation a new message began, so the customer’s answer comes to the same place.
            The provider has to name the conversation that it answers; Patchbay tells it with every reply.
          </Callout>
        )}
        {channel.kind === 'custom' && !channel.receiveOnly && (
          <Callout title="When a teammate begins a conversation in Front">
            Front does not tie the customer’s answer to a message that a teammate composed anew. The answer arrives as a
            conversation of its own, whatever the rule. To avoid it, leave “Allow new messages from channel” off in
            Front.
          </Callout>
        )}
        <ThreadingForm
          channelId={channel.id}
          kind={channel.kind}
          rule={rule.success ? rule.data : { type: 'sender' }}
          sample={sampleFor(channel)}
          archived={channel.archivedAt !== null}
        />
      </Stack>
    </>
  )
}

function sampleFor(channel: ChannelView): string {
  const sample = {
    sender: { handle: HANDLES[channel.contactType], name: 'Ada Example' },
    subject: 'Order 7',
    body: 'Where is my parcel?',
    metadata: { thread_ref: 'order-7', headers: { ticket: '7' } },
    external_id: 'm-1001',
    conversation_key: 'chat-17',
  }
  return JSON.stringify(sample, null, 2)
}
