import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { z } from 'zod'
import { listReports } from '#db/queries/reports'
import { getTemplate, listLastResults, type MessageTemplate } from '#db/queries/templates'
import { db } from '#lib/database'
import { safeHtml } from '#lib/safe-html'
import { toTemplate } from '#lib/templates/columns'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { CopyLine } from '#ui/code-block'
import { ConfirmDialog } from '#ui/confirm-dialog'
import { KeyValues } from '#ui/key-values'
import { Section, Stack } from '#ui/section'
import { TextLink } from '#ui/text-link'
import { Time } from '#ui/time'
import { RefreshWhile } from '../../../../_parts/refresh-while'
import { ReportList } from '../../../../_parts/report-list'
import { ChannelHead } from '../../../_parts/channel-head'
import { loadApplicationChannel } from '../../../_parts/load-channel'
import { requireRole } from '../../../_parts/require-role'
import { switchTemplateAction } from '../actions'
import { APPROVALS } from '../approvals'
import { TemplateForm } from '../template-form'

export const metadata: Metadata = { title: 'Template' }

type Props = { params: Promise<{ id: string; templateId: string }> }

export default async function TemplatePage({ params }: Props) {
  const { role } = await requireRole('viewer')
  const { id, templateId } = await params
  const loaded = await loadApplicationChannel(id)
  const { channel, now } = loaded
  const known = z.uuid().safeParse(templateId)
  const template = known.success ? await getTemplate(db(), { channelId: channel.id, id: known.data }) : null
  if (!template) notFound()
  const [reports, results] = await Promise.all([
    listReports(db(), { subjectId: template.id }),
    listLastResults(db(), [template.id]),
  ])
  const canChange = role.admin && !channel.archivedAt
  const moving = reports.some(({ status }) => status === 'pending' || status === 'retrying')
  return (
    <>
      <RefreshWhile active={moving} everyMs={4000} />
      <ChannelHead loaded={loaded} tab="templates" role={role} />
      <p className="mb-4 text-sm">
        <TextLink href={`/channels/${channel.id}/templates`}>All templates</TextLink>
      </p>
      <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <Stack>
          <Preview template={template} canChange={canChange} />
          {canChange && (
            <TemplateForm key={Number(template.updatedAt)} channelId={channel.id} template={toTemplate(template)} />
          )}
        </Stack>
        <Stack>
          <Facts template={template} frontId={frontIdOf(results.get(template.id))} now={now} />
          <Section flush title="What Front was told" id="history">
            {reports.length === 0 ? (
              <p className="px-5 py-4 text-muted">Nothing that is still kept.</p>
            ) : (
              <ReportList label="What Front was told" reports={reports} now={now} canDecide={role.support} />
            )}
          </Section>
        </Stack>
      </div>
    </>
  )
}

const frontAnswer = z.looseObject({ template_id: z.string() })

function frontIdOf(result: unknown): string | null {
  return frontAnswer.safeParse(result).data?.template_id ?? null
}

function Preview({ template, canChange }: { template: MessageTemplate; canChange: boolean }) {
  const { html } = safeHtml(template.templatePreview, { showImages: false })
  return (
    <Section
      title={template.name}
      description="As it reads, without its styles. Images are not loaded."
      actions={canChange && <Switch template={template} />}
    >
      <div className="flex flex-col gap-4">
        {template.isDisabled && <Callout title="This template is off">Front does not offer it to teammates.</Callout>}
        {html.trim() === '' ? (
          <p className="text-faint italic">No preview.</p>
        ) : (
          <div
            className="max-w-[75ch] rounded-md bg-sunken px-4 py-3 wrap-anywhere [&_a]:text-accent [&_a]:underline [&_li]:ml-5 [&_ol]:list-decimal [&_p+p]:mt-2 [&_ul]:list-disc"
            // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised just above; its test holds the attacks
            dangerouslySetInnerHTML={{ __html: html }}
          />
        )}
      </div>
    </Section>
  )
}

function Switch({ template: { channelId, externalId, name, isDisabled } }: { template: MessageTemplate }) {
  const label = isDisabled ? 'Switch on' : 'Switch off'
  return (
    <ConfirmDialog
      trigger={<Button size="sm">{label}</Button>}
      title={`${label}: ${name}?`}
      description={
        isDisabled ? 'Front offers it to teammates again.' : 'Front no longer offers it. It can be switched on again.'
      }
      confirmLabel={label}
      pendingLabel="Telling Front…"
      variant="primary"
      action={switchTemplateAction}
      values={{ channelId, externalId, off: isDisabled ? 'no' : 'yes' }}
    />
  )
}

function Facts({ template, frontId, now }: { template: MessageTemplate; frontId: string | null; now: Date }) {
  const { externalId, statusName, blurb, variableMappings, createdAt, updatedAt } = template
  return (
    <Section title="Facts">
      <KeyValues
        items={[
          { label: 'Approval', value: APPROVALS[statusName].label },
          { label: 'Short text', value: blurb || null },
          {
            label: 'Variables',
            value:
              variableMappings.length === 0 ? (
                'None'
              ) : (
                <ul>
                  {variableMappings.map(({ uid, type, name }) => (
                    <li key={uid}>
                      <code className="font-mono text-sm">{uid}</code> {name}{' '}
                      <span className="text-muted">({type})</span>
                    </li>
                  ))}
                </ul>
              ),
          },
          { label: 'Provider’s id', value: <CopyLine text={externalId} label="Copy the provider’s id" /> },
          { label: 'Front’s id', value: frontId && <CopyLine text={frontId} label="Copy Front’s id" /> },
          { label: 'Added', value: <Time at={createdAt} now={now} /> },
          { label: 'Changed', value: <Time at={updatedAt} now={now} /> },
        ]}
      />
    </Section>
  )
}
