import { z } from 'zod'
import { TEMPLATE_STATUSES, VARIABLE_TYPES } from '#lib/front/templates'
import { parseFields, refuseFields, requiredId, requiredText } from '#lib/provider/fields'

const MAX_VARIABLES = 100

const variable = z.object({
  uid: requiredText(200),
  type: z.enum(VARIABLE_TYPES, `is none of ${VARIABLE_TYPES.join(', ')}`),
  name: requiredText(200),
})

/** What makes a template up beside its id, in Front's names. Front wants all of it. */
export const templateFields = {
  name: requiredText(500),
  blurb: z.string().max(2000, 'is longer than 2000 characters'),
  is_disabled: z.boolean(),
  status_name: z
    .string()
    .trim()
    .toUpperCase()
    .pipe(z.enum(TEMPLATE_STATUSES, `is none of ${TEMPLATE_STATUSES.join(', ')}`)),
  variable_mappings: z.array(variable).max(MAX_VARIABLES, `has more than ${MAX_VARIABLES} entries`),
  template_preview: z.string().max(100_000, 'is longer than 100000 characters'),
}

/** The provider's id of it: what Front replaces and changes it by. */
export const templateId = requiredId

export const template = z.object({ external_id: templateId, ...templateFields })
export type Template = z.output<typeof template>

export const templateChange = z.object(templateFields).partial()
export type TemplateChange = z.output<typeof templateChange>

const WHAT = 'This template'

/**
 * Parses a whole template.
 * @param externalId its id where the address names it; null where only the body does
 * @throws AppError `invalid_input` that names every wrong field by its path
 */
export function parseTemplate(fields: unknown, externalId: string | null): Template {
  const given = externalId !== null && isObject(fields) ? { external_id: externalId, ...fields } : fields
  const parsed = parseFields(template, given, { what: WHAT })
  requireSameId(parsed.external_id, externalId)
  return parsed
}

/**
 * Parses what is to change in a template.
 * @throws AppError `invalid_input` that names every wrong field by its path, also when there is nothing to change
 */
export function parseTemplateChange(fields: unknown, externalId: string): TemplateChange {
  const { external_id, ...change } = parseFields(
    templateChange.extend({ external_id: templateId.optional() }),
    fields,
    {
      what: WHAT,
    },
  )
  requireSameId(external_id ?? externalId, externalId)
  if (Object.values(change).some((value) => value !== undefined)) return change
  throw refuseFields(WHAT, [{ path: '', message: 'changes nothing: name at least one field' }])
}

function requireSameId(given: string, externalId: string | null): void {
  if (externalId === null || given === externalId) return
  throw refuseFields(WHAT, [{ path: 'external_id', message: 'is another one than in the address' }])
}

function isObject(fields: unknown): fields is object {
  return typeof fields === 'object' && fields !== null && !Array.isArray(fields)
}
