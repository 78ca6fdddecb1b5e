import { z } from 'zod'
import { putSandboxTemplate, type SandboxTemplateChange, updateSandboxTemplate } from '#db/queries/sandbox-templates'
import { TEMPLATE_STATUSES, VARIABLE_TYPES } from '#lib/front/templates'
import { type FrontCall, paramOf } from '#lib/sandbox/front/call'
import { channelOf } from '#lib/sandbox/front/channels'
import { FrontError, unknownId } from '#lib/sandbox/front/errors'
import { checkFields, readFields } from '#lib/sandbox/front/fields'
import type { SandboxChannel } from '#lib/sandbox/front/resources'
import { frontId } from '#lib/sandbox/identity'

const template = z.object({
  external_id: z.string().min(1, 'must not be empty'),
  name: z.string(),
  blurb: z.string(),
  is_disabled: z.boolean(),
  status_name: z.enum(TEMPLATE_STATUSES),
  variable_mappings: z.array(z.object({ uid: z.string(), type: z.enum(VARIABLE_TYPES), name: z.string() })),
  template_preview: z.string(),
})

const templateChange = template.omit({ external_id: true }).partial()

/** A6: stores a template under its external id, or replaces it. */
export async function putTemplate(call: FrontCall): Promise<Response> {
  const channel = await channelWithTemplates(call)
  const { fields } = await readFields(call.request)
  const input = checkFields(template, fields, call.warn)
  warnOfPreview(input.template_preview, call.warn)
  const id = await putSandboxTemplate(call.deps.db, {
    id: frontId('rsp', call.deps.random),
    channelId: channel.id,
    externalId: input.external_id,
    name: input.name,
    blurb: input.blurb,
    isDisabled: input.is_disabled,
    statusName: input.status_name,
    variableMappings: input.variable_mappings,
    preview: input.template_preview,
    updatedAt: call.deps.now,
  })
  return Response.json({ template_id: id })
}

/** A6: changes some fields of a template. */
export async function patchTemplate(call: FrontCall): Promise<Response> {
  const channel = await channelWithTemplates(call)
  const externalId = paramOf(call, 1)
  const { fields } = await readFields(call.request)
  const input = checkFields(templateChange, fields, call.warn)
  warnOfPreview(input.template_preview ?? '', call.warn)
  const change: SandboxTemplateChange = {
    name: input.name,
    blurb: input.blurb,
    isDisabled: input.is_disabled,
    statusName: input.status_name,
    variableMappings: input.variable_mappings,
    preview: input.template_preview,
  }
  const named = { channelId: channel.id, externalId }
  const id = await updateSandboxTemplate(call.deps.db, named, { ...change, updatedAt: call.deps.now })
  if (id === null) throw unknownId('message template', externalId)
  return Response.json({ template_id: id })
}

/** @throws FrontError 400 where the app's Templates checkbox is off */
async function channelWithTemplates(call: FrontCall): Promise<SandboxChannel> {
  const channel = await channelOf(call)
  if (call.caller.kind === 'channel' && !call.caller.app.takesTemplates) {
    throw new FrontError(400, 'Bad request', 'Message templates are not enabled for this channel')
  }
  return channel
}

function warnOfPreview(html: string, warn: FrontCall['warn']): void {
  if (/<style|<link|\sclass=/i.test(html)) warn('template_preview: Front shows inline styles only')
}
