import type { ReactNode } from 'react'
import { findInstallation } from '#db/queries/installation'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { type Env, env } from '#lib/env'
import { identityProviders } from '#lib/identity-providers'
import { keyring } from '#lib/keyring'
import { keyId } from '#lib/secrets'
import { KeyValues } from '#ui/key-values'
import { Section, Stack } from '#ui/section'
import { TextLink } from '#ui/text-link'
import { ExactTime } from '#ui/time'
import { version } from '../../../../package.json'

export const metadata = { title: 'Installation' }

export default async function InstallationPage() {
  await requireUser('viewer')
  const installation = await findInstallation(db())
  const settings = env()
  return (
    <Stack>
      <Section id="installation" title="This installation">
        <KeyValues
          items={[
            { label: 'Version', value: version },
            {
              label: 'Public address',
              value: <Mono>{settings.PUBLIC_URL}</Mono>,
              hint: 'Every URL that Patchbay hands out begins with it (PUBLIC_URL).',
            },
            { label: 'Set up', value: installation?.ownerCreatedAt && <ExactTime at={installation.ownerCreatedAt} /> },
            { label: 'Health', value: <TextLink href="/api/health">Ask the running process</TextLink> },
          ]}
        />
      </Section>
      <Section id="environment" title="Set by the environment">
        <KeyValues items={environmentFacts(settings)} />
      </Section>
    </Stack>
  )
}

function environmentFacts(settings: Env) {
  const [key, ...earlier] = keyring().map(keyId)
  const providers = identityProviders(settings).map(({ name }) => name)
  return [
    {
      label: 'Sandbox',
      value: settings.SANDBOX === 'on' ? 'On' : 'Off',
      hint: 'The stand-in for Front. Switch it off in production (SANDBOX).',
    },
    {
      label: 'Sealing key',
      value: <Mono>{key}</Mono>,
      hint:
        earlier.length > 0
          ? `Earlier keys that still open secrets: ${earlier.join(', ')}.`
          : 'Names PATCHBAY_KEY without showing it.',
    },
    {
      label: 'Cron routes',
      value: settings.CRON_SECRET ? 'On' : 'Off',
      hint: 'Only hosts without a running process need them (CRON_SECRET).',
    },
    { label: 'Sign-in', value: ['E-mail and password', ...providers].join(', ') },
    {
      label: 'Private addresses',
      value: settings.ALLOW_PRIVATE_ADDRESSES === 'yes' ? 'Allowed' : 'Refused',
      hint: 'Whether providers and Front may live inside your own network (ALLOW_PRIVATE_ADDRESSES).',
    },
    {
      label: 'Trusted proxies',
      value: String(settings.TRUSTED_PROXIES),
      hint: 'How many proxies in front of Patchbay tell callers’ addresses (TRUSTED_PROXIES).',
    },
  ]
}

function Mono({ children }: { children: ReactNode }) {
  return <span className="font-mono text-sm">{children}</span>
}
