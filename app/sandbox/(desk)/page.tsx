import { AppWindow, Inbox, LayoutTemplate, ListChecks, Radio, ToggleLeft } from 'lucide-react'
import Link from 'next/link'
import { listSandboxProviders } from '#db/queries/sandbox-chat'
import { requireUser } from '#lib/auth'
import { atLeastRole } from '#lib/roles'
import { sandboxBaseUrl, sandboxSecret, sandboxToken } from '#lib/sandbox/identity'
import { Callout } from '#ui/callout'
import { KeyValues } from '#ui/key-values'
import { PageHeader } from '#ui/page-header'
import { Section, Stack } from '#ui/section'
import { sandboxDeps } from '../_parts/deps'
import { Loop } from './loop'

const ROOMS = [
  {
    href: '/sandbox/inbox',
    icon: Inbox,
    title: 'Inbox',
    text: 'Conversations as a teammate sees them in Front. Answer there.',
  },
  {
    href: '/sandbox/channels',
    icon: Radio,
    title: 'Channels',
    text: 'Channels as Front’s settings show them, with the outgoing URL of each.',
  },
  {
    href: '/sandbox/apps',
    icon: AppWindow,
    title: 'Apps',
    text: 'Apps that define application channels, with the UID and secret that Patchbay asks for.',
  },
  {
    href: '/sandbox/templates',
    icon: LayoutTemplate,
    title: 'Templates',
    text: 'Message templates that channels told Front.',
  },
  {
    href: '/sandbox/faults',
    icon: ToggleLeft,
    title: 'Faults',
    text: 'Make Front or the provider fail, and watch Patchbay cope.',
  },
  {
    href: '/sandbox/calls',
    icon: ListChecks,
    title: 'Call log',
    text: 'Every call between the sandbox’s Front and Patchbay, and what Front would have ignored silently.',
  },
]

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function SandboxPage({ searchParams }: Props) {
  const { ready } = await searchParams
  const deps = await sandboxDeps()
  const user = await requireUser('viewer')
  const providers = await listSandboxProviders(deps.db)
  const isAdmin = atLeastRole(user.role, 'admin')
  return (
    <>
      <PageHeader
        title="Sandbox"
        description="A made-up Front to try Patchbay with. It has an API, an inbox and two teammates, and it refuses what Front would refuse. A visitor’s chat page plays the provider. Everything in between is Patchbay as it runs for real."
      />
      <Stack>
        {ready === '1' && providers.length > 0 && (
          <Callout tone="ok" title="The sandbox’s channel is ready">
            Messages cross it both ways. Open the visitor’s chat and write the first one.
          </Callout>
        )}
        {ready === 'app' && providers.length > 0 && (
          <Callout tone="ok" title="The application channel is ready">
            The sandbox’s Front connected it through Patchbay. Open its visitor’s chat and write the first message.
          </Callout>
        )}
        <Loop providers={providers} isAdmin={isAdmin} />
        <ul className="grid gap-3 sm:grid-cols-2">
          {ROOMS.map((room) => (
            <Room key={room.href} {...room} />
          ))}
        </ul>
        {isAdmin && (
          <Access
            base={sandboxBaseUrl(deps.publicUrl)}
            token={sandboxToken(deps.keys)}
            secret={sandboxSecret(deps.keys)}
          />
        )}
      </Stack>
    </>
  )
}

function Room({ href, icon: Icon, title, text }: (typeof ROOMS)[number]) {
  return (
    <li className="relative rounded-lg border border-rule bg-panel px-4 py-4 transition-colors hover:border-edge sm:px-5">
      <h2 className="flex items-center gap-2 font-semibold">
        <Icon aria-hidden strokeWidth={1.75} className="size-4 text-hold" />
        <Link href={href} className="after:absolute after:inset-0">
          {title}
        </Link>
      </h2>
      <p className="mt-1 text-muted">{text}</p>
    </li>
  )
}

function Access({ base, token, secret }: { base: string; token: string; secret: string }) {
  const mono = (text: string) => <code className="font-mono text-sm break-all">{text}</code>
  return (
    <Section
      title="Connect it like any other Front"
      id="access"
      description="What a company’s settings ask for. They open the sandbox and nothing else."
    >
      <KeyValues
        items={[
          { label: 'Base URL', value: mono(base) },
          { label: 'API token', value: mono(token) },
          { label: 'API secret', value: mono(secret), hint: 'Signs what the sandbox posts to an outgoing URL.' },
        ]}
      />
    </Section>
  )
}
