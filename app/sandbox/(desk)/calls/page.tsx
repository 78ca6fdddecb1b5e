import { ListChecks, Send, TriangleAlert } from 'lucide-react'
import { listSandboxCalls, type SandboxCall } from '#db/queries/sandbox-calls'
import { requireUser } from '#lib/auth'
import { atLeastRole } from '#lib/roles'
import { Chip } from '#ui/chip'
import { Duration } from '#ui/figures'
import { NotAllowed } from '#ui/not-allowed'
import { PageHeader } from '#ui/page-header'
import { Section } from '#ui/section'
import { EmptyState } from '#ui/states'
import { type Column, Table } from '#ui/table'
import { Time } from '#ui/time'
import { sandboxDeps } from '../../_parts/deps'
import { Refresh } from '../../_parts/refresh'

export const metadata = { title: 'Call log' }

const SHOWN = 100

export default async function CallsPage() {
  const { db, now } = await sandboxDeps()
  const { role } = await requireUser('viewer')
  if (!atLeastRole(role, 'support')) return <NotAllowed needs="support" role={role} />
  const calls = await listSandboxCalls(db, SHOWN)
  return (
    <>
      <Refresh everyMs={3000} />
      <PageHeader
        title="Call log"
        description="What reached the sandbox’s API, and what the sandbox’s Front told apps, newest first. A warning marks what the real Front would have swallowed without a word. The newest 500 are kept; the newest 100 are shown."
      />
      <Section flush>
        {calls.length === 0 ? (
          <EmptyState icon={ListChecks} title="No calls yet">
            Write something in the visitor’s chat, and Patchbay calls.
          </EmptyState>
        ) : (
          <Table
            caption="Calls of Patchbay and of the sandbox’s Front"
            columns={columns(now)}
            rows={calls}
            rowKey={(call) => call.id}
          />
        )}
      </Section>
    </>
  )
}

function columns(now: Date): Column<SandboxCall>[] {
  return [
    { id: 'status', header: 'Answer', cell: (call) => <Answer call={call} /> },
    {
      id: 'call',
      header: 'Call',
      phone: 'title',
      cell: (call) => (
        <>
          {call.direction === 'to_app' && (
            <p className="flex items-center gap-1.5 text-sm text-muted">
              <Send aria-hidden strokeWidth={1.75} className="size-3.5 shrink-0" />
              Front tells the app: <span className="font-mono">{call.event}</span>
            </p>
          )}
          <p className="font-mono text-sm wrap-anywhere">
            {call.method} {call.path}
          </p>
          {call.error && <p className="text-sm text-bad">{call.error}</p>}
          {call.warnings.map((warning) => (
            <p key={warning} className="flex gap-1.5 text-sm text-warn">
              <TriangleAlert aria-hidden strokeWidth={1.75} className="mt-0.5 size-4 shrink-0" />
              <span>{warning}</span>
            </p>
          ))}
        </>
      ),
    },
    { id: 'took', header: 'Took', align: 'end', cell: (call) => <Duration ms={call.tookMs} /> },
    {
      id: 'when',
      header: 'When',
      align: 'end',
      cell: (call) => <Time at={call.createdAt} now={now} focusable={false} />,
    },
  ]
}

function Answer({ call }: { call: SandboxCall }) {
  if (call.fault === 'drop') return <Chip tone="bad">Answer lost</Chip>
  if (call.fault === 'hang') return <Chip tone="bad">No answer</Chip>
  if (call.status === 0) return <Chip tone="bad">No answer</Chip>
  const tone = call.status < 300 ? 'ok' : call.status < 400 ? 'neutral' : 'bad'
  return (
    <span className="inline-flex flex-wrap gap-1">
      <Chip tone={tone}>{call.status}</Chip>
      {call.fault && <Chip tone="warn">on purpose</Chip>}
    </span>
  )
}
