import type { ChannelView } from '#db/queries/channels'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { ConfirmDialog } from '#ui/confirm-dialog'
import { Section } from '#ui/section'
import { RefreshWhile } from '../../_parts/refresh-while'
import { FrontSteps } from '../_parts/front-steps'
import { dropAction } from './actions'
import { NewConnectKey } from './new-connect-key'

/** For an application channel that Front has not connected yet: what to do there, or give it up. */
export function WaitingPanel({ channel, canFinish }: { channel: ChannelView; canFinish: boolean }) {
  const authMethod = channel.appAuthMethod ?? 'api_token'
  return (
    <>
      <RefreshWhile active />
      <Callout title="Waiting for Front…">
        This channel is prepared. It is connected as soon as Front calls; this page notices by itself. Until then
        messages are kept and nothing is sent.{!canFinish && ' An admin can see the steps.'}
      </Callout>
      {canFinish && (
        <Section title="In Front" id="front">
          <div className="flex flex-col gap-5">
            <FrontSteps
              appName={channel.appName ?? ''}
              authMethod={authMethod}
              isMade={channel.frontInboxId !== null}
            />
            {authMethod !== 'oauth' && authMethod !== 'none' && (
              <NewConnectKey channelId={channel.id} authMethod={authMethod} />
            )}
            <div className="border-t border-rule pt-5">
              <ConfirmDialog
                trigger={<Button>Remove this channel</Button>}
                title={`Remove ${channel.name}?`}
                description="Do this when it is not wanted in Front. Its connect key ends, and what it took in meanwhile is removed."
                confirmLabel="Remove"
                pendingLabel="Removing…"
                action={dropAction}
                values={{ channelId: channel.id }}
              />
            </div>
          </div>
        </Section>
      )}
    </>
  )
}
