import { AppError, type ErrorDetail } from '#lib/errors'

/** The fields that a template may use; below `metadata.headers` any name goes. */
export const TEMPLATE_FIELDS = [
  'sender.handle',
  'sender.name',
  'sender.contact_id',
  'subject',
  'conversation_key',
  'external_id',
  'metadata.thread_ref',
] as const

const FREE_FIELD = /^metadata\.headers\.[^.\s{}]+(\.[^.\s{}]+)*$/
const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g

/** What is wrong with a template, before any message comes: one sentence each. */
export function templateFaults(template: string): string[] {
  const fields = [...template.matchAll(PLACEHOLDER)].map(([, field]) => field ?? '')
  if (/\{\{|\}\}/.test(template.replaceAll(PLACEHOLDER, ''))) return ['A {{ or }} has no partner.']
  if (fields.length === 0) return ['A template needs at least one field, such as {{sender.handle}}.']
  return fields
    .filter((field) => !isKnown(field))
    .map(
      (field) => `There is no field “${field}”. Known are ${TEMPLATE_FIELDS.join(', ')} and metadata.headers.<name>.`,
    )
}

/**
 * Fills a template from a message as it came in, with the handle already made uniform.
 * @throws AppError `invalid_input` that names each field which is missing, empty or not a plain value
 */
export function renderTemplate(template: string, message: unknown): string {
  const missing: ErrorDetail[] = []
  const rendered = template.replaceAll(PLACEHOLDER, (_whole, field: string) => {
    const value = isKnown(field) ? readField(message, field) : undefined
    if (isFilled(value)) return String(value)
    missing.push({ path: field, message: 'is needed: the channel threads by it' })
    return ''
  })
  if (missing.length === 0) return rendered
  const names = missing.map(({ path }) => path).join(', ')
  throw new AppError('invalid_input', `This channel threads by ${template}, but the message has no ${names}.`, {
    details: missing,
  })
}

function isKnown(field: string): boolean {
  return TEMPLATE_FIELDS.some((known) => known === field) || FREE_FIELD.test(field)
}

function isFilled(value: unknown): value is string | number | boolean {
  return (typeof value === 'string' && value.trim() !== '') || typeof value === 'number' || typeof value === 'boolean'
}

/** Own properties only, so that no message reaches what every object inherits. */
function readField(message: unknown, field: string): unknown {
  let value = message
  for (const name of field.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = Reflect.get(value, name)
  }
  return value
}
