import type { MessageDetails } from '#db/queries/message-details'
import { signatureWords } from '#lib/channels/signature-words'
import { CopyLine } from '#ui/code-block'
import { DirectionBadge } from '#ui/direction-badge'
import { type KeyValue, KeyValues } from '#ui/key-values'
import { Section } from '#ui/section'
import { TextLink } from '#ui/text-link'
import { ExactTime, Time } from '#ui/time'

/** Who, when and where, and every id that the message goes by. */
export function Facts({ details, now }: { details: MessageDetails; now: Date }) {
  return (
    <>
      <Section title="Facts">
        <KeyValues items={[...people(details), ...times(details, now), ...places(details)]} />
      </Section>
      <Section title="Ids">
        <KeyValues items={ids(details)} />
      </Section>
    </>
  )
}

const UNNAMED = { message: 'A rule in Front', autoreply: 'A rule in Front', sent_elsewhere: 'Not told' } as const

function people({ message }: MessageDetails): KeyValue[] {
  const { direction, kind, author, contactName, contactHandle, recipients } = message
  const others = (recipients ?? []).filter((person) => person.handle && person.handle !== contactHandle)
  return [
    { label: 'Direction', value: <DirectionBadge direction={direction} /> },
    {
      label: 'Contact',
      value: contactName ?? contactHandle,
      hint: contactName ? <CopyLine text={contactHandle} label="Copy the handle" /> : null,
    },
    ...(direction === 'outbound' || kind === 'sent_elsewhere'
      ? [{ label: 'Written by', value: author?.name ?? author?.email ?? UNNAMED[kind] }]
      : []),
    ...(others.length > 0
      ? [{ label: 'Also to', value: others.map((person) => person.name ?? person.handle).join(', ') }]
      : []),
  ]
}

function times({ message, delivery }: MessageDetails, now: Date): KeyValue[] {
  const exact = (label: string, at: Date | null) =>
    at ? [{ label, value: <ExactTime at={at} />, hint: <Time at={at} now={now} /> }] : []
  return [
    ...exact('Written', message.sentAt),
    ...exact('Reached Patchbay', message.createdAt),
    ...exact('Accepted by Front', message.acceptedAt),
    ...exact('Confirmed', message.confirmedAt),
    ...(message.direction === 'outbound' && delivery.status === 'delivered'
      ? exact('Delivered', delivery.endedAt)
      : []),
  ]
}

function places({ message, channel, conversation, company }: MessageDetails): KeyValue[] {
  return [
    {
      label: 'Channel',
      value: <TextLink href={`/channels/${channel.id}`}>{channel.name}</TextLink>,
      hint: company.name,
    },
    {
      label: 'Conversation',
      value: (
        <TextLink href={`/conversations/${conversation.id}`}>{conversation.contactName ?? conversation.key}</TextLink>
      ),
      hint: message.threadReason,
    },
    ...(message.referencedMessageId
      ? [
          {
            label: 'Answers',
            value: <TextLink href={`/messages/${message.referencedMessageId}`}>This message</TextLink>,
          },
        ]
      : []),
    ...(message.startsConversation ? [{ label: 'Began', value: 'This message began the conversation.' }] : []),
    ...(message.signatureVariant ? [{ label: 'Signature', value: signatureWords(message.signatureVariant) }] : []),
  ]
}

function ids({ message, conversation, channel }: MessageDetails): KeyValue[] {
  const id = (label: string, text: string | null, hint?: string) =>
    text ? [{ label, value: <CopyLine text={text} label={`Copy: ${label}`} />, hint }] : []
  const isCustom = channel.kind === 'custom'
  return [
    ...id('Patchbay', message.id, isCustom ? undefined : 'Front knows it by this external_id.'),
    ...id('Provider', message.externalId),
    ...id('Front message', message.frontMessageId),
    ...id('Front uid', message.messageUid),
    ...id('Front conversation', message.frontConversationId ?? conversation.frontConversationId),
    ...id('Reference', message.reference, isCustom ? 'As thread_ref.' : 'As external_conversation_id.'),
    ...id('Conversation key', conversation.key),
    ...id('Channel key', channel.key),
  ]
}
