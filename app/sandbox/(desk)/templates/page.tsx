import { LayoutTemplate } from 'lucide-react'
import { listSandboxTemplates, type SandboxTemplate } from '#db/queries/sandbox-templates'
import { requireUser } from '#lib/auth'
import { atLeastRole } from '#lib/roles'
import { safeHtml } from '#lib/safe-html'
import { Chip } from '#ui/chip'
import { NotAllowed } from '#ui/not-allowed'
import { PageHeader } from '#ui/page-header'
import { Section, Stack } from '#ui/section'
import { EmptyState } from '#ui/states'
import { Time } from '#ui/time'
import { sandboxDeps } from '../../_parts/deps'
import { Refresh } from '../../_parts/refresh'

export const metadata = { title: 'Templates' }

const STATUS = {
  APPROVED: { tone: 'ok', label: 'Approved' },
  PENDING: { tone: 'warn', label: 'Pending' },
  REJECTED: { tone: 'bad', label: 'Rejected' },
} as const

export default async function TemplatesPage() {
  const { db, now } = await sandboxDeps()
  const { role } = await requireUser('viewer')
  if (!atLeastRole(role, 'support')) return <NotAllowed needs="support" role={role} />
  const templates = await listSandboxTemplates(db)
  return (
    <>
      <Refresh everyMs={3000} />
      <PageHeader
        title="Templates"
        description="Message templates that application channels told Front, as a teammate would choose from."
      />
      {templates.length === 0 ? (
        <Section flush>
          <EmptyState icon={LayoutTemplate} title="No templates yet">
            A channel’s page in Patchbay, or its provider, tells Front of templates.
          </EmptyState>
        </Section>
      ) : (
        <Stack>
          {templates.map(({ template, channelName }) => (
            <Template key={template.id} template={template} channelName={channelName} now={now} />
          ))}
        </Stack>
      )}
    </>
  )
}

function Template({ template, channelName, now }: { template: SandboxTemplate; channelName: string; now: Date }) {
  const { tone, label } = STATUS[template.statusName]
  const { html } = safeHtml(template.preview, { showImages: false })
  return (
    <Section
      id={template.id}
      title={
        <span className="flex flex-wrap items-center gap-2">
          <span className="min-w-0 wrap-anywhere">{template.name}</span> <Chip tone={tone}>{label}</Chip>
          {template.isDisabled && <Chip tone="neutral">Disabled</Chip>}
        </span>
      }
      description={
        <>
          <span className="wrap-anywhere">{channelName}</span> ·{' '}
          <span className="font-mono break-all">{template.externalId}</span> ·{' '}
          <Time at={template.updatedAt} now={now} focusable={false} />
        </>
      }
    >
      <p className="wrap-anywhere text-muted">{template.blurb}</p>
      <div
        className="mt-3 rounded-md border border-rule bg-sunken px-3.5 py-2.5 wrap-anywhere"
        // biome-ignore lint/security/noDangerouslySetInnerHtml: safeHtml made it safe just above
        dangerouslySetInnerHTML={{ __html: html }}
      />
      {template.variableMappings.length > 0 && (
        <ul aria-label={`Variables of ${template.name}`} className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-sm">
          {template.variableMappings.map((variable) => (
            <li key={variable.uid} className="min-w-0 wrap-anywhere">
              <code className="font-mono">{variable.uid}</code> {variable.name}{' '}
              <span className="text-muted">({variable.type})</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
