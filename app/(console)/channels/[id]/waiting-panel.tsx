import type { ChannelView } from '#db/queries/channels'
import { Callout } from '#ui/callout'
import { Section } from '#ui/section'
import { RefreshWhile } from '../../_parts/refresh-while'
import { FrontSteps } from '../_parts/front-steps'
import { NewConnectKey } from './new-connect-key'
import { RemoveChannel } from './remove-channel'

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
              <RemoveChannel
                channel={channel}
                description="Do this when it is not wanted in Front. Its connect key ends, and what it took in meanwhile is removed."
              />
            </div>
          </div>
        </Section>
      )}
    </>
  )
}
