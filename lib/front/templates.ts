import { z } from 'zod'
import { parseJson } from '#lib/front/answers'
import { buildRequest, segment } from '#lib/front/requests'
import type { FrontAccess, FrontAnswer, FrontRequest } from '#lib/front/transport'

export const TEMPLATE_STATUSES = ['PENDING', 'APPROVED', 'REJECTED'] as const
export const VARIABLE_TYPES = ['text', 'file', 'image', 'video'] as const

/** `uid` is the variable as it stands in the preview, such as `{{1}}`. */
export type TemplateVariable = { uid: string; type: (typeof VARIABLE_TYPES)[number]; name: string }

/** A message template as Front keeps it, in Front's own names. Front wants every field. */
export type TemplateBody = {
  external_id: string
  name: string
  /** The beginning of the content, for lists. */
  blurb: string
  is_disabled: boolean
  /** Where the outside service stands with it. */
  status_name: (typeof TEMPLATE_STATUSES)[number]
  variable_mappings: readonly TemplateVariable[]
  /** HTML with inline styles only. */
  template_preview: string
}

export type TemplateChange = Partial<Omit<TemplateBody, 'external_id'>>

/** Creates a template or replaces the one with the same `external_id` (A6). A 400 says that the channel takes none. */
export function putTemplateRequest(
  access: FrontAccess,
  { frontChannelId, template }: { frontChannelId: string; template: TemplateBody },
): FrontRequest {
  return buildRequest(access, { method: 'PUT', path: templatesPath(frontChannelId), json: template })
}

/** Changes some fields of a template (A6). */
export function patchTemplateRequest(
  access: FrontAccess,
  { frontChannelId, externalId, change }: { frontChannelId: string; externalId: string; change: TemplateChange },
): FrontRequest {
  const path = `${templatesPath(frontChannelId)}/${segment(externalId)}`
  return buildRequest(access, { method: 'PATCH', path, json: change })
}

// Front's file says number, its example is a text.
const templateAnswer = z.looseObject({ template_id: z.union([z.string().min(1), z.number()]).transform(String) })

/** Front's id of the template, null when the answer does not hold one. */
export function readTemplateId({ body }: Pick<FrontAnswer, 'body'>): string | null {
  return templateAnswer.safeParse(parseJson(body)).data?.template_id ?? null
}

function templatesPath(frontChannelId: string): string {
  return `/channels/${segment(frontChannelId)}/application_message_templates`
}
