import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Ajv, type Options, type ValidateFunction } from 'ajv'

type Schema = { [keyword: string]: unknown }
type Document = Schema & { paths: Record<string, Record<string, Schema>> }

/** Front's two files describe different things under the same names, so an operation is always named with its file. */
export type SpecFile = 'core' | 'channel'

const FILES = {
  core: ['core-api.json', 'core-api/core-api.json'],
  channel: ['channel-api.json', 'channel-api/channel-api.json'],
}
const FOLDER = path.resolve(
  process.env.FRONT_API_SPECS ?? path.join(import.meta.dirname, '../../../shared/front-openapi'),
)

/** What our side of the contract is called where Front's specification is open on purpose. */
const FREE_FORM = new Set(['headers', 'custom_fields', 'credentials'])

export function findSpecs(): { found: true } | { found: false; why: string } {
  const missing = (['core', 'channel'] as const).filter((file) => !locate(file))
  if (missing.length === 0) return { found: true }
  return { found: false, why: `Front’s OpenAPI files are not in ${FOLDER}: set FRONT_API_SPECS to their folder.` }
}

function locate(file: SpecFile): string | undefined {
  return FILES[file].map((name) => path.join(FOLDER, name)).find((candidate) => existsSync(candidate))
}

export function loadSpec(file: SpecFile): Document {
  return JSON.parse(readFileSync(locate(file) ?? '', 'utf8'))
}

/**
 * A strict check of a request's body: nothing that Front does not know, and never no body at all. In a `form` every value
 * is a text, so those that Front reads as numbers are read as such first.
 */
export function requestValidator(file: SpecFile, operationId: string, { form = false } = {}): ValidateFunction {
  const spec = loadSpec(file)
  const content = at(findOperation(spec, operationId), ['requestBody', 'content'])
  // Front's files list files as part of JSON, except where nothing but a file is sent.
  const mediaType = content['application/json'] ? 'application/json' : 'multipart/form-data'
  return compile(close(spec, at(content, [mediaType, 'schema'])), { coerceTypes: form })
}

/** A lenient check of an answer: what Front's own files get wrong about it is relaxed. */
export function responseValidator(file: SpecFile, operationId: string, status: string): ValidateFunction {
  const spec = loadSpec(file)
  const response = resolve(spec, at(findOperation(spec, operationId), ['responses', status]))
  return compile(inline(spec, at(response, ['content', 'application/json', 'schema'])))
}

/** The path and method under which a file lists an operation. */
export function describeOperation(file: SpecFile, operationId: string): { method: string; path: string } {
  for (const [where, methods] of Object.entries(loadSpec(file).paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      if (operation.operationId === operationId) return { method: method.toUpperCase(), path: where }
    }
  }
  throw new Error(`Front’s ${file} file has no operation ${operationId}.`)
}

function findOperation(spec: Document, operationId: string): Schema {
  const operation = Object.values(spec.paths)
    .flatMap((methods) => Object.values(methods))
    .find((candidate) => candidate.operationId === operationId)
  if (!operation) throw new Error(`There is no operation ${operationId}.`)
  return operation
}

function compile(schema: Schema, options: Options = {}): ValidateFunction {
  const ajv = new Ajv({ strict: false, allErrors: true, formats: { binary: true }, ...options })
  return ajv.compile(schema)
}

/** Every object closed, every branch of an `allOf` merged first, the body itself an object. */
function close(spec: Document, schema: Schema): Schema {
  const whole = mergeAllOf(spec, resolve(spec, schema))
  // One of several: each branch is closed by itself, since what they share knows none of their fields.
  if (Array.isArray(whole.oneOf)) return { type: 'object', oneOf: whole.oneOf.map((branch) => close(spec, branch)) }
  const closed = mapChildren(whole, (child, name) => (FREE_FORM.has(name) ? { type: 'object' } : close(spec, child)))
  const isObject = closed.properties !== undefined || closed.type === undefined || closed.type === 'object'
  return isObject ? { ...closed, type: 'object', additionalProperties: false } : nullable(closed)
}

function inline(spec: Document, schema: Schema): Schema {
  const { enum: _enum, required: _required, ...whole } = mergeAllOf(spec, resolve(spec, schema))
  return loosen(mapChildren(whole, (child) => inline(spec, child)))
}

/** Real answers carry null where the files say text, and leave out what the files require. */
function loosen(schema: Schema): Schema {
  return typeof schema.type === 'string' ? { ...schema, type: [schema.type, 'null'] } : schema
}

/** OpenAPI 3.0 writes `nullable` where JSON Schema has a type `null`. */
function nullable(schema: Schema): Schema {
  return schema.nullable === true && typeof schema.type === 'string'
    ? { ...schema, type: [schema.type, 'null'] }
    : schema
}

function mergeAllOf(spec: Document, schema: Schema): Schema {
  const { allOf, ...own } = schema
  if (!Array.isArray(allOf)) return schema
  const parts = [...allOf.map((part) => mergeAllOf(spec, resolve(spec, part))), own]
  return {
    ...Object.assign({}, ...parts),
    properties: Object.assign({}, ...parts.map((part) => part.properties)),
    required: parts.flatMap((part) => part.required ?? []),
  }
}

function mapChildren(schema: Schema, change: (child: Schema, name: string) => Schema): Schema {
  const { properties, items } = schema
  const mapped = { ...schema }
  if (isSchema(properties)) {
    mapped.properties = Object.fromEntries(
      Object.entries(properties).map(([name, child]) => [name, isSchema(child) ? change(child, name) : child]),
    )
  }
  if (isSchema(items)) mapped.items = change(items, '')
  return mapped
}

function resolve(spec: Document, schema: Schema): Schema {
  if (typeof schema.$ref !== 'string') return schema
  return resolve(
    spec,
    at(
      spec,
      schema.$ref
        .slice(2)
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')),
    ),
  )
}

function at(start: Schema, names: string[]): Schema {
  let place: unknown = start
  for (const name of names) place = isSchema(place) ? place[name] : undefined
  if (!isSchema(place)) throw new Error(`There is no ${names.join('/')} in Front’s file.`)
  return place
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
