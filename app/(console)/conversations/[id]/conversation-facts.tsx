import type {
  ConversationDetails,
  listConversationAliases,
  listFrontConversations,
} from '#db/queries/conversation-page'
import { openInFrontUrl } from '#lib/open-in-front'
import { CopyLine } from '#ui/code-block'
import { KeyValues } from '#ui/key-values'
import { Section, Stack } from '#ui/section'
import { TextLink } from '#ui/text-link'
import { Time } from '#ui/time'

type Props = {
  conversation: ConversationDetails
  fronts: Awaited<ReturnType<typeof listFrontConversations>>
  aliases: Awaited<ReturnType<typeof listConversationAliases>>
  now: Date
}

/** What the two sides call this conversation, and which of Front's conversations belong to it. */
export function ConversationFacts({ conversation, fronts, aliases, now }: Props) {
  const { id, key, reference, providerKey, contactHandle, createdAt, lastMessageAt, isSandbox } = conversation
  const copied = (label: string, text: string | null) =>
    text ? [{ label, value: <CopyLine text={text} label={`Copy: ${label}`} /> }] : []
  return (
    <Stack>
      <Section title="Facts">
        <KeyValues
          items={[
            ...copied('Contact', contactHandle),
            { label: 'Last message', value: <Time at={lastMessageAt} now={now} /> },
            { label: 'Began', value: <Time at={createdAt} now={now} /> },
            ...copied('Key', key),
            ...(reference === null
              ? [{ label: 'Reference', value: 'None: Front threads by sender.' }]
              : conversation.channelKind === 'custom'
                ? copied('Reference', reference)
                : []),
            ...copied('Provider’s key', providerKey),
            ...copied('Patchbay', id),
          ]}
        />
      </Section>
      {conversation.channelKind === 'application' && (
        <ToldReferences reference={reference} aliases={aliases.map((alias) => alias.reference)} />
      )}
      <Section
        title="In Front"
        description={
          fronts.length > 1
            ? 'Front merged or split it, so it has several conversations there. Replies from any of them arrive here.'
            : undefined
        }
      >
        {fronts.length === 0 ? (
          <p className="text-muted">Not seen in Front yet.</p>
        ) : (
          <ul className="flex flex-col gap-2">
            {fronts.map((front) => (
              <FrontConversation
                key={front.id}
                id={front.id}
                seenAt={front.createdAt}
                isSandbox={isSandbox}
                now={now}
              />
            ))}
          </ul>
        )}
      </Section>
    </Stack>
  )
}

function FrontConversation({
  id,
  seenAt,
  isSandbox,
  now,
}: {
  id: string
  seenAt: Date
  isSandbox: boolean
  now: Date
}) {
  const href = openInFrontUrl({ isSandbox, frontConversationId: id })
  return (
    <li>
      <CopyLine text={id} label="Copy Front’s id" />
      <p className="text-sm text-muted">
        Known since <Time at={seenAt} now={now} />
        {href && (
          <>
            {' · '}
            <TextLink href={href} external>
              Open
            </TextLink>
          </>
        )}
      </p>
    </li>
  )
}

/** Every `external_conversation_id`: ours first, then those by which Front has named it since. */
function ToldReferences({ reference, aliases }: { reference: string | null; aliases: string[] }) {
  const others = aliases.filter((alias) => alias !== reference)
  return (
    <Section
      title="References"
      description={
        others.length > 0
          ? 'Front names the conversation by several external_conversation_ids, because it merged some. Messages under any of them arrive here.'
          : 'By this external_conversation_id Front names the conversation.'
      }
    >
      <ul className="flex flex-col gap-2">
        {[...(reference === null ? [] : [reference]), ...others].map((each) => (
          <li key={each}>
            <CopyLine text={each} label="Copy this external_conversation_id" />
            {each === reference && <p className="text-sm text-muted">Told to Front by Patchbay</p>}
          </li>
        ))}
      </ul>
    </Section>
  )
}
