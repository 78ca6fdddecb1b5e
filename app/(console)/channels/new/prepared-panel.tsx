'use client'

import { useEffect, useRef } from 'react'
import { ButtonLink } from '#ui/button'
import { Callout } from '#ui/callout'
import { Section, Stack } from '#ui/section'
import { ConnectKeyFields } from '../_parts/connect-key-fields'
import { FrontSteps } from '../_parts/front-steps'
import type { PreparedForFront } from './prepare'
import { ProviderSection } from './provider-section'
import { WaitingForFront } from './waiting-for-front'

type Props = { prepared: PreparedForFront; addressWarning: string | null }

/** The end of the wizard for an application channel: what to do in Front, whether Front has come, and the keys, this once. */
export function PreparedPanel({ prepared, addressWarning }: Props) {
  const heading = useRef<HTMLDivElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const { id, app, made, connectKey, incomingUrl, incomingKey, signingSecret } = prepared
  return (
    <div ref={heading} tabIndex={-1} className="max-w-3xl outline-none">
      <Stack>
        <WaitingForFront channelId={id} name={prepared.name} />
        {addressWarning && (
          <Callout tone="warn" title="Front cannot reach this address yet">
            {addressWarning}
          </Callout>
        )}
        {made === 'unclear' && (
          <Callout tone="warn" title="Front did not say clearly what became of the channel">
            It may exist there and connect in a moment. If it does not, connect it by hand with the key below.
          </Callout>
        )}
        {(made !== 'yes' || app.authMethod === 'oauth') && (
          <Section
            title="In Front"
            description={made === 'yes' ? 'The channel is there; somebody has to sign in.' : null}
          >
            <div className="flex flex-col gap-4">
              {connectKey && <ConnectKeyFields authMethod={app.authMethod} connectKey={connectKey} />}
              <FrontSteps appName={app.name} authMethod={app.authMethod} isMade={made === 'yes'} />
            </div>
          </Section>
        )}
        <ProviderSection
          incomingUrl={incomingUrl}
          hint="The Keys tab has examples, ready to paste."
          {...{ incomingKey, signingSecret }}
        />
        <div className="flex flex-wrap gap-2">
          <ButtonLink href={`/channels/${id}`} variant="primary">
            Open the channel
          </ButtonLink>
        </div>
      </Stack>
    </div>
  )
}
