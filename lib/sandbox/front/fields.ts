import { z } from 'zod'
import { AppError } from '#lib/errors'
import { parseForm } from '#lib/http/parse-form'
import { openBody } from '#lib/http/read-body'
import { storableJson, storableText } from '#lib/http/storable'
import { decodeMultipart } from '#lib/provider/multipart'
import { badFields, FrontError } from '#lib/sandbox/front/errors'

export const MAX_BODY_BYTES = 25_000_000

export type ReceivedFile = { filename: string; contentType: string; bytes: Buffer }
export type ReceivedFields = { fields: unknown; files: ReceivedFile[]; isForm: boolean }

/**
 * Reads a call's body as Front does: JSON, or a multipart form whose names use brackets (`sender[handle]`) and whose
 * files are `attachments[0]`, `attachments` or `attachments[]`.
 * @throws FrontError for a body that is too large or cannot be read
 */
export async function readFields(request: Request): Promise<ReceivedFields> {
  const bytes = await asFrontAnswers(() => openBody(request).read({ bytes: MAX_BODY_BYTES, what: 'one call' }))
  const contentType = request.headers.get('content-type') ?? ''
  if (contentType.startsWith('multipart/form-data')) return asFrontAnswers(() => readForm(bytes, contentType))
  return { fields: parseJson(new TextDecoder().decode(bytes)), files: [], isForm: false }
}

function parseJson(text: string): unknown {
  try {
    return storableJson(JSON.parse(text))
  } catch (error) {
    // Front leaves status and title out here.
    throw new FrontError(400, '', error instanceof Error ? error.message : 'Unexpected end of JSON input')
  }
}

async function readForm(bytes: Buffer, contentType: string): Promise<ReceivedFields> {
  const form = await parseForm(bytes, contentType)
  const { fields, files } = decodeMultipart(form)
  return { fields: storableJson(fields), files: await Promise.all(files.map(receiveFile)), isForm: true }
}

/**
 * Reads a form whose one file has a plain name, as Front wants a recording.
 * @throws FrontError for anything that is no such form
 */
export async function readOneFile(request: Request, name: string): Promise<{ fields: object; file: ReceivedFile }> {
  const contentType = request.headers.get('content-type') ?? ''
  if (!contentType.startsWith('multipart/form-data')) throw badFields(['body: must be multipart/form-data'])
  const bytes = await asFrontAnswers(() => openBody(request).read({ bytes: MAX_BODY_BYTES, what: 'one call' }))
  const form = await asFrontAnswers(() => parseForm(bytes, contentType))
  const files = [...form].flatMap(([key, value]) => (value instanceof File ? [{ key, file: value }] : []))
  const [first] = files
  if (files.length !== 1 || first?.key !== name)
    throw badFields([`body.${name}: must be exactly one file of that name`])
  const texts = [...form].filter(([, value]) => typeof value === 'string')
  return { fields: Object(storableJson(Object.fromEntries(texts))), file: await receiveFile(first.file) }
}

async function receiveFile(file: File): Promise<ReceivedFile> {
  const bytes = Buffer.from(await file.arrayBuffer())
  return { filename: storableText(file.name), contentType: file.type || 'application/octet-stream', bytes }
}

async function asFrontAnswers<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.status === 413) throw new FrontError(413, 'Payload too large', error.message)
    throw badFields(error.details.map(({ path, message }) => `body.${path}: ${message}`))
  }
}

/**
 * Checks fields as Front would. What Front would ignore silently is told to `warn`.
 * @throws FrontError 400 that names every wrong field
 */
export function checkFields<T extends z.ZodObject>(schema: T, fields: unknown, warn: (text: string) => void) {
  if (!isObject(fields)) throw badFields(['body: must be an object'])
  const parsed = schema.safeParse(fields)
  if (!parsed.success) throw badFields(parsed.error.issues.map((issue) => describe(issue, fields)))
  for (const path of unknownPaths(schema, fields, '')) warn(`${path} is not a field of this call: Front ignores it`)
  return parsed.data
}

function describe(issue: z.core.$ZodIssue, fields: unknown): string {
  const name = ['body', ...issue.path].join('.')
  const value = issue.path.reduce<unknown>((at, part) => (isParent(at) ? Reflect.get(at, part) : undefined), fields)
  if (value === undefined) return `${name}: missing`
  if (issue.code === 'invalid_type')
    return `${name}: must be ${/^[aeio]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`
  if (issue.code === 'invalid_value') return `${name}: must be one of ${issue.values.map(String).join(', ')}`
  return `${name}: ${issue.message}`
}

function unknownPaths(schema: unknown, value: unknown, path: string): string[] {
  if (schema instanceof z.ZodOptional) return unknownPaths(schema.unwrap(), value, path)
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    return value.flatMap((item, index) => unknownPaths(schema.element, item, `${path}[${index}]`))
  }
  if (!(schema instanceof z.ZodObject) || !isObject(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const name = path === '' ? key : `${path}.${key}`
    return key in schema.shape ? unknownPaths(schema.shape[key], inner, name) : [name]
  })
}

function isParent(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
