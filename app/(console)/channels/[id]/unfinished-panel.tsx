import { Suspense } from 'react'
import { type ChannelView, listConnectedFrontIds } from '#db/queries/channels'
import { findCompany } from '#db/queries/companies'
import { db } from '#lib/database'
import { AppError } from '#lib/errors'
import type { FrontChannel } from '#lib/front/schemas'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { ConfirmDialog } from '#ui/confirm-dialog'
import { List, ListRow } from '#ui/list'
import { Section } from '#ui/section'
import { RowsSkeleton } from '#ui/skeletons'
import { frontOf } from '../_parts/surroundings'
import { finishAction } from './actions'
import { RemoveChannel } from './remove-channel'
import { TypedIdForm } from './typed-id-form'

/** For a channel whose creation in Front ended without a clear answer: find it there, or give it up. */
export function UnfinishedPanel({ channel, canFinish }: { channel: ChannelView; canFinish: boolean }) {
  return (
    <>
      <Callout tone="warn" title="This channel is not finished">
        We asked Front to create it, but its answer did not tell which channel it became, or never came. It may or may
        not exist in Front. Until it is settled, messages are kept and nothing is sent.
        {!canFinish && ' An admin can finish it.'}
      </Callout>
      {canFinish && (
        <>
          <Section
            flush
            title="Is it one of these?"
            description="Custom channels in that inbox which no channel here uses. Choosing one also tells Front our URL."
          >
            <Suspense fallback={<RowsSkeleton rows={2} />}>
              <Candidates channel={channel} />
            </Suspense>
          </Section>
          <Section
            title="None of these?"
            description="Look in Front’s settings of the inbox. If the channel is there, give its id. If not, remove this one and create it again."
          >
            <div className="flex flex-col gap-5">
              <TypedIdForm channelId={channel.id} action={finishAction} />
              <div>
                <RemoveChannel
                  channel={channel}
                  description="Do this when it does not exist in Front. What it took in meanwhile is removed from its queue."
                />
              </div>
            </div>
          </Section>
        </>
      )}
    </>
  )
}

async function Candidates({ channel }: { channel: ChannelView }) {
  const found = await findCandidates(channel)
  if (typeof found === 'string') return <p className="px-5 py-4 text-muted">Front could not be asked: {found}</p>
  if (found.length === 0)
    return <p className="px-5 py-4 text-muted">Front shows no such channel in this inbox right now.</p>
  return (
    <List label="Channels in Front">
      {found.map((candidate) => (
        <ListRow
          key={candidate.id}
          title={candidate.name ?? 'Without a name'}
          trailing={
            <ConfirmDialog
              trigger={<Button size="sm">This is it</Button>}
              title={`Use ${candidate.name ?? candidate.id}?`}
              description="Its replies come here from then on, and what was kept goes out."
              confirmLabel="Use this channel"
              pendingLabel="Connecting…"
              variant="primary"
              action={finishAction}
              values={{ channelId: channel.id, frontChannelId: candidate.id }}
            />
          }
        >
          <code className="font-mono text-xs">{candidate.id}</code>
          {candidate.name === channel.name && ' · has the name we asked for'}
        </ListRow>
      ))}
    </List>
  )
}

/** Channels with our name first; Front's own words when it refused. */
async function findCandidates(channel: ChannelView): Promise<FrontChannel[] | string> {
  const company = await findCompany(db(), channel.companyId)
  if (!company || !channel.frontInboxId) return 'The inbox is not known.'
  try {
    const [inFront, taken] = await Promise.all([
      frontOf(company).listInboxChannels(channel.frontInboxId),
      listConnectedFrontIds(db(), company.id),
    ])
    return inFront
      .filter(({ id, type }) => type === 'custom' && !taken.includes(id))
      .sort((a, b) => Number(b.name === channel.name) - Number(a.name === channel.name))
  } catch (error) {
    if (error instanceof AppError) return error.message
    throw error
  }
}
