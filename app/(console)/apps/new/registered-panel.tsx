'use client'

import { useEffect, useRef } from 'react'
import { ButtonLink } from '#ui/button'
import { Callout } from '#ui/callout'
import { CopyField } from '#ui/code-block'
import { SecretOnce } from '#ui/secret-once'
import { Section, Stack } from '#ui/section'

type Props = { id: string; name: string; oauth: { clientId: string; clientSecret: string } | null }

/** The end of registering: what Front's OAuth settings need, this once, and the way on. */
export function RegisteredPanel({ id, name, oauth }: Props) {
  const top = useRef<HTMLDivElement>(null)
  useEffect(() => top.current?.focus(), [])
  return (
    <div ref={top} tabIndex={-1} className="max-w-3xl outline-none">
      <Stack>
        <Callout tone="ok" title={`${name} is registered`}>
          Next, paste its addresses into Front. They are on the app’s page, each with its place.
        </Callout>
        {oauth && (
          <Section title="For Front’s OAuth settings" description="In the app’s Servers tab, under OAuth.">
            <div className="flex flex-col gap-4">
              <CopyField label="Client ID" text={oauth.clientId} />
              <SecretOnce label="OAuth client secret" secret={oauth.clientSecret}>
                Front proves with it that it is Front. Copy it now: it is not shown again.
              </SecretOnce>
            </div>
          </Section>
        )}
        <div className="flex flex-wrap gap-2">
          <ButtonLink href={`/apps/${id}`} variant="primary">
            Set it up in Front
          </ButtonLink>
          <ButtonLink href={`/apps/${id}/keys`}>{oauth ? 'Connections' : 'Make a connect key'}</ButtonLink>
        </div>
      </Stack>
    </div>
  )
}
