import { AppError } from '#lib/errors'

const MAX_FIELDS = 200
const MAX_FILES = 50
const MAX_DEPTH = 5
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype'])
const FIELD_NAME = /^([^[\]]+)((?:\[[^[\]]*\])*)$/
const FILE_NAME = /^attachments(\[\d*\])?$/

type Fields = { [name: string]: string | Fields }

/**
 * Decodes a form into what the same message would be in JSON: `sender[handle]`, `metadata[headers][x]`. Files come as
 * `attachments[0]`, `attachments[]` or `attachments`, in any number, and keep their order.
 * @throws AppError `invalid_input` that names the field which is not right
 */
export function decodeMultipart(form: FormData): { fields: Record<string, unknown>; files: File[] } {
  const entries = [...form.entries()]
  if (entries.length > MAX_FIELDS + MAX_FILES) throw refusal('', `holds more than ${MAX_FIELDS} fields`)
  const fields: Fields = {}
  const files: { order: number; file: File }[] = []
  for (const [name, value] of entries) {
    if (typeof value === 'string') setField(fields, name, value)
    else if (!isEmptyFile(value)) files.push({ order: fileOrder(name, files.length), file: value })
  }
  if (files.length > MAX_FILES) throw refusal('attachments', `holds more than ${MAX_FILES} files`)
  return { fields, files: files.toSorted((a, b) => a.order - b.order).map(({ file }) => file) }
}

/** Browsers send an empty, nameless file for a file field that nobody filled. */
function isEmptyFile(file: File): boolean {
  return file.size === 0 && file.name === ''
}

function fileOrder(name: string, arrived: number): number {
  const match = FILE_NAME.exec(name)
  if (!match) throw refusal(shown(name), 'is a file: files go into attachments[0], attachments[1] …')
  const index = match[1]?.slice(1, -1)
  return index ? Number(index) : arrived
}

function setField(fields: Fields, name: string, value: string): void {
  const path = parsePath(name)
  const leaf = path.pop()
  if (leaf === undefined) return
  let place = fields
  for (const part of path) {
    const next = Object.hasOwn(place, part) ? place[part] : undefined
    if (typeof next === 'string') throw refusal(shown(name), 'is given both as a text and as an object')
    place = next ?? addObject(place, part)
  }
  if (Object.hasOwn(place, leaf)) throw refusal(shown(name), 'is given twice')
  place[leaf] = value
}

function addObject(place: Fields, name: string): Fields {
  const child: Fields = {}
  place[name] = child
  return child
}

function parsePath(name: string): string[] {
  if (FILE_NAME.test(name)) throw refusal('attachments', 'is a text: attach the file itself')
  const match = FIELD_NAME.exec(name)
  const inner = [...(match?.[2] ?? '').matchAll(/\[([^[\]]*)\]/g)].map(([, part]) => part ?? '')
  const path = match ? [match[1] ?? '', ...inner] : []
  if (path.length === 0 || path.includes('') || path.length > MAX_DEPTH || path.some((part) => FORBIDDEN.has(part))) {
    throw refusal(shown(name), 'is not a field name such as sender[handle]')
  }
  return path
}

function shown(name: string): string {
  return name.slice(0, 100)
}

function refusal(path: string, message: string): AppError {
  return new AppError('invalid_input', `The form can’t be read: ${path || 'it'} ${message}.`, {
    details: [{ path, message }],
  })
}
