import { AppError } from '#lib/errors'

const DEEPEST = 64

/** Text as Postgres takes it: without NUL characters and without halves of surrogate pairs. */
export function storableText(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '').toWellFormed() : text.toWellFormed()
}

/**
 * A parsed JSON value as Postgres and everybody after it can take it: texts made storable, keys that reach for an
 * object's prototype left out.
 * @throws AppError `bad_request` when it is nested deeper than 64
 */
export function storableJson(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return storableText(value)
  if (value === null || typeof value !== 'object') return value
  if (depth >= DEEPEST) throw new AppError('bad_request', `The body is nested deeper than ${DEEPEST} levels.`)
  if (Array.isArray(value)) return value.map((item) => storableJson(item, depth + 1))
  const clean: Record<string, unknown> = {}
  for (const [name, item] of Object.entries(value)) {
    const key = storableText(name)
    if (isSafeKey(key)) clean[key] = storableJson(item, depth + 1)
  }
  return clean
}

function isSafeKey(key: string): boolean {
  return key !== '__proto__' && key !== 'constructor' && key !== 'prototype'
}

/** @throws AppError `bad_request` when the bytes are no UTF-8 or no JSON */
export function parseJson(bytes: Uint8Array): unknown {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    const why = cause instanceof SyntaxError ? `: ${cause.message}` : ', because it is not UTF-8'
    throw new AppError('bad_request', `The body cannot be read as JSON${why.slice(0, 200)}.`, { cause })
  }
  return storableJson(value)
}
