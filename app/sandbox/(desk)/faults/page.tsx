import type { SandboxFault, SandboxSide } from '#db/queries/sandbox-faults'
import { listSandboxFaults } from '#db/queries/sandbox-faults'
import { getSandboxSettings } from '#db/queries/sandbox-settings'
import { requireUser } from '#lib/auth'
import { atLeastRole } from '#lib/roles'
import { FAULT_TEXTS, faultWords } from '#lib/sandbox/fault-words'
import { FAULT_KINDS, type FaultKind } from '#lib/sandbox/faults'
import { Chip } from '#ui/chip'
import { NotAllowed } from '#ui/not-allowed'
import { PageHeader } from '#ui/page-header'
import { Section, Stack } from '#ui/section'
import { SubmitButton } from '#ui/submit-button'
import { sandboxDeps } from '../../_parts/deps'
import { Refresh } from '../../_parts/refresh'
import { resetFaultsAction, switchOffAction } from './actions'
import { FaultForm } from './fault-form'
import { SettingsForm } from './settings-form'

export const metadata = { title: 'Faults' }

const SIDES: { side: SandboxSide; title: string; description: string }[] = [
  {
    side: 'front',
    title: 'Front fails',
    description: 'Messages that Patchbay brings to Front, and for the last switch the replies that Front posts.',
  },
  { side: 'provider', title: 'The provider fails', description: 'Replies that Patchbay brings to the visitor’s chat.' },
]

export default async function FaultsPage() {
  const { db } = await sandboxDeps()
  const { role } = await requireUser('viewer')
  if (!atLeastRole(role, 'support')) return <NotAllowed needs="support" role={role} />
  const [faults, settings] = await Promise.all([listSandboxFaults(db), getSandboxSettings(db)])
  return (
    <>
      <Refresh everyMs={5000} />
      <PageHeader
        title="Faults"
        description="Break something on purpose, then look in Patchbay at what became of the message."
        actions={
          faults.length > 0 && (
            <form action={resetFaultsAction}>
              <SubmitButton>Switch everything off</SubmitButton>
            </form>
          )
        }
      />
      <Stack>
        {SIDES.map(({ side, title, description }) => (
          <Section key={side} id={side} title={title} description={description} flush>
            <ul className="divide-y divide-rule">
              {FAULT_KINDS[side].map((kind) => (
                <Switch
                  key={kind}
                  side={side}
                  kind={kind}
                  on={faults.find((fault) => fault.side === side && fault.kind === kind)}
                />
              ))}
            </ul>
          </Section>
        ))}
        <Section id="usual" title="On a good day" description="How the sandbox’s Front behaves when nothing is broken.">
          <SettingsForm visibleDelayS={settings.visibleDelayMs / 1000} requestsPerMinute={settings.requestsPerMinute} />
        </Section>
      </Stack>
    </>
  )
}

function Switch({ side, kind, on }: { side: SandboxSide; kind: FaultKind; on: SandboxFault | undefined }) {
  const words = FAULT_TEXTS[side][kind]
  return (
    <li className="grid gap-x-6 gap-y-3 px-4 py-4 sm:px-5 lg:grid-cols-[minmax(0,18rem)_minmax(0,1fr)]">
      <div>
        <h3 className="flex flex-wrap items-center gap-2 font-medium">
          {words?.title} {on && <Chip tone="warn">On</Chip>}
        </h3>
        <p className="mt-0.5 text-sm text-muted">{words?.text}</p>
      </div>
      {on ? (
        <form action={switchOffAction} className="flex flex-wrap items-center gap-3 lg:justify-end">
          <input type="hidden" name="side" value={side} />
          <input type="hidden" name="kind" value={kind} />
          <p className="text-sm text-warn">{faultWords(on)}</p>
          <SubmitButton variant="secondary" size="sm">
            Switch off
          </SubmitButton>
        </form>
      ) : (
        <FaultForm side={side} kind={kind} title={words?.title ?? kind} />
      )}
    </li>
  )
}
