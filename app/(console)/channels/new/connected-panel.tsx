'use client'

import { useEffect, useRef } from 'react'
import { ButtonLink } from '#ui/button'
import { Callout } from '#ui/callout'
import { CopyField } from '#ui/code-block'
import { Section, Stack } from '#ui/section'
import type { ConnectedChannel } from './actions'
import { ProviderSection } from './provider-section'

/** The end of the wizard: both keys, this once, and every address with the setting it goes into. */
export function ConnectedPanel({
  connected,
  addressWarning,
}: {
  connected: ConnectedChannel
  addressWarning: string | null
}) {
  const heading = useRef<HTMLDivElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const { id, addresses, receiveOnly, incomingKey, signingSecret } = connected
  return (
    <div ref={heading} tabIndex={-1} className="max-w-3xl outline-none">
      <Stack>
        <Outcome connected={connected} />
        {addressWarning && (
          <Callout tone="warn" title="Front cannot reach this address yet">
            {addressWarning}
          </Callout>
        )}
        <ProviderSection
          incomingUrl={addresses.incoming}
          hint="In place of Front’s own incoming URL. The body stays as it is."
          {...{ incomingKey, signingSecret }}
        />
        {!(receiveOnly || (connected.way === 'create' && connected.finished)) && (
          <Section title="For Front" description="Paste it into the channel’s settings in Front and save there.">
            <CopyField label="Outgoing URL" text={addresses.outgoing} hint="Goes into the setting “Outgoing URL”." />
          </Section>
        )}
        <div className="flex flex-wrap gap-2">
          <ButtonLink href={`/channels/${id}/${connected.finished ? 'test' : ''}`} variant="primary">
            {connected.finished ? 'Try it with a test message' : 'Finish the channel'}
          </ButtonLink>
          <ButtonLink href={`/channels/${id}`}>Open the channel</ButtonLink>
        </div>
      </Stack>
    </div>
  )
}

function Outcome({ connected: { name, way, finished, checked, receiveOnly } }: { connected: ConnectedChannel }) {
  if (!finished) {
    return (
      <Callout tone="warn" title="Front did not say clearly what became of the channel">
        It may exist there. Copy the keys below, then open the channel: its page looks for it in Front and lets you
        finish or remove it. Until then messages are kept and nothing is sent.
      </Callout>
    )
  }
  if (way === 'create') {
    return (
      <Callout tone="ok" title={`${name} is there`}>
        Front created it and posts its replies to us already.
      </Callout>
    )
  }
  return (
    <Callout tone="ok" title={`${name} is connected`}>
      {checked ? 'Front knows the channel.' : 'Its id was not checked, because there is no API token.'}{' '}
      {receiveOnly
        ? 'In Front choose the reply mode “Cannot reply”, so that nobody writes a reply that goes nowhere.'
        : 'One thing is left to do in Front.'}
    </Callout>
  )
}
