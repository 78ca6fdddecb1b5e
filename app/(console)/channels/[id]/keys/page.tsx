import type { Metadata } from 'next'
import { type ChannelKeyView, listChannelKeys } from '#db/queries/channel-keys'
import type { KeyPurpose } from '#db/schema/channel-keys'
import { channelAddresses } from '#lib/channels/addresses'
import { applicationSnippets, sendSnippets, statusSnippet, verifySnippet } from '#lib/channels/snippets'
import { db } from '#lib/database'
import { env } from '#lib/env'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { Chip } from '#ui/chip'
import { CodeBlock } from '#ui/code-block'
import { ConfirmDialog } from '#ui/confirm-dialog'
import { Disclosure } from '#ui/disclosure'
import { List, ListRow } from '#ui/list'
import { NotAllowed } from '#ui/not-allowed'
import { Section, Stack } from '#ui/section'
import { Time } from '#ui/time'
import { ChannelHead } from '../../_parts/channel-head'
import { loadChannel } from '../../_parts/load-channel'
import { requireRole } from '../../_parts/require-role'
import { endKeyAction } from './actions'
import { RotateKey } from './rotate-key'

export const metadata: Metadata = { title: 'Keys' }

const PURPOSES = {
  incoming: {
    title: 'Incoming key',
    description: 'The provider sends it with every message, as a bearer token. Only its fingerprint is kept here.',
  },
  signing: {
    title: 'Signing secret',
    description:
      'Signs every reply by Standard Webhooks, so that the provider knows it comes from here. The provider may sign its own messages with it instead of sending the key.',
  },
} as const

export default async function KeysPage({ params }: { params: Promise<{ id: string }> }) {
  const { user, role } = await requireRole('viewer')
  if (!role.admin) return <NotAllowed needs="admin" role={user.role} />
  const loaded = await loadChannel((await params).id)
  const { channel, now } = loaded
  const keys = await listChannelKeys(db(), { channelId: channel.id, now })
  const addresses = channelAddresses({ publicUrl: env().PUBLIC_URL, channelKey: channel.key })
  const archived = channel.archivedAt !== null
  const send = sendSnippets({ incomingUrl: addresses.incoming, contactType: channel.contactType })
  return (
    <>
      <ChannelHead loaded={loaded} tab="keys" role={role} />
      <Stack className="max-w-3xl">
        {archived && <Callout title="This channel is archived">Its keys have ended.</Callout>}
        {(['incoming', 'signing'] as const).map((purpose) => (
          <KeySection key={purpose} {...{ purpose, keys, now, archived }} channelId={channel.id} />
        ))}
        <Section
          title="Send a message"
          description="What the provider does. Put the incoming key in place of YOUR_KEY."
        >
          <div className="flex flex-col gap-4">
            <CodeBlock label="With curl" code={send.curl} />
            <Disclosure summary="With Node">
              <CodeBlock label="With Node" code={send.node} />
            </Disclosure>
          </div>
        </Section>
        <Section
          title="Tell what happened later"
          description={
            channel.kind === 'application'
              ? 'With the same key. Replace the ids; the whole list of addresses is on the Connect tab.'
              : 'With the same key. The team reads it in Front as a comment.'
          }
        >
          <div className="flex flex-col gap-4">
            <CodeBlock label="A reply bounced" code={statusSnippet({ addresses })} />
            {channel.kind === 'application' &&
              applicationSnippets({ addresses, contactType: channel.contactType }).map(({ label, curl }) => (
                <Disclosure key={label} summary={label}>
                  <CodeBlock label={label} code={curl} />
                </Disclosure>
              ))}
          </div>
        </Section>
        {!channel.receiveOnly && (
          <Section
            title="Check that a reply comes from here"
            description="With the library of standardwebhooks.com, which exists for most languages. During a rotation a reply carries the signatures of both secrets."
          >
            <CodeBlock label="Verifying with Node" code={verifySnippet()} />
          </Section>
        )}
      </Stack>
    </>
  )
}

type SectionProps = { purpose: KeyPurpose; keys: ChannelKeyView[]; channelId: string; now: Date; archived: boolean }

function KeySection({ purpose, keys, channelId, now, archived }: SectionProps) {
  const { title, description } = PURPOSES[purpose]
  const own = keys.filter((key) => key.purpose === purpose)
  return (
    <Section title={title} description={description} flush>
      {own.length === 0 && <p className="px-5 py-4 text-muted">No key works at the moment.</p>}
      <List label={`${title}: those that work`}>
        {own.map((key) => (
          <ListRow
            key={key.id}
            title={<span className="font-mono text-sm">…{key.hint}</span>}
            trailing={key.expiresAt && <EndKey channelId={channelId} keyId={key.id} hint={key.hint} />}
          >
            <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
              {key.expiresAt ? (
                <Chip tone="warn">
                  ends <Time at={key.expiresAt} now={now} />
                </Chip>
              ) : (
                <Chip tone="ok">In use</Chip>
              )}
              made <Time at={key.createdAt} now={now} /> {key.createdBy && `by ${key.createdBy}`}
            </span>
          </ListRow>
        ))}
      </List>
      {!archived && (
        <div className="border-t border-rule px-4 py-4 sm:px-5">
          <RotateKey channelId={channelId} purpose={purpose} title={title} />
        </div>
      )}
    </Section>
  )
}

function EndKey({ channelId, keyId, hint }: { channelId: string; keyId: string; hint: string }) {
  return (
    <ConfirmDialog
      trigger={<Button size="sm">End it now</Button>}
      title={`End the key …${hint}?`}
      description="Whoever still uses it is refused from this moment."
      confirmLabel="End the key"
      pendingLabel="Ending…"
      action={endKeyAction}
      values={{ channelId, keyId }}
    />
  )
}
