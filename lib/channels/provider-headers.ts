import { z } from 'zod'
import { type SealingKeys, seal, unseal } from '#lib/secrets'

const MAX_HEADERS = 20
const NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/
// Visible characters, spaces and tabs: what an HTTP header may hold.
const VALUE = /^[\t\x20-\x7e\x80-\xff]{1,4000}$/

/** Headers that make the request what it is, or that we sign with. */
const OURS =
  /^(host|content-.*|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|proxy-.*|webhook-.*)$/i

const stored = z.record(z.string(), z.string())

/** One row of the form. An empty value keeps the value that is stored under that name. */
export type HeaderInput = { name: string; value: string }

export type HeaderChange = { ok: true; headers: Record<string, string> } | { ok: false; problem: string }

/** The headers as the form leaves them: a name that is not given any more is gone. */
export function mergeHeaders(inputs: HeaderInput[], before: Record<string, string>): HeaderChange {
  const given = inputs.filter(({ name, value }) => name.trim() !== '' || value !== '')
  if (given.length > MAX_HEADERS) return refuse(`At most ${MAX_HEADERS} headers.`)
  const headers: Record<string, string> = {}
  for (const input of given) {
    const name = input.name.trim()
    const value = input.value.trim() === '' ? findValue(before, name) : input.value.trim()
    const problem = headerProblem(name, value, headers)
    if (problem !== null || value === null) return refuse(problem ?? `The header ${name} needs a value.`)
    headers[name] = value
  }
  return { ok: true, headers }
}

function headerProblem(name: string, value: string | null, headers: Record<string, string>): string | null {
  if (!NAME.test(name)) return `“${name}” is not a header name.`
  if (OURS.test(name)) return `${name} is set by Patchbay itself.`
  if (findValue(headers, name) !== null) return `${name} is there twice.`
  if (value === null) return `The header ${name} needs a value.`
  return VALUE.test(value) ? null : `The value of ${name} holds characters that a header cannot carry.`
}

function findValue(headers: Record<string, string>, name: string): string | null {
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name.toLowerCase())
  return found?.[1] ?? null
}

/** Null when there is nothing to seal. */
export function sealHeaders(headers: Record<string, string>, keys: SealingKeys): string | null {
  return Object.keys(headers).length === 0 ? null : seal(JSON.stringify(headers), keys)
}

export function unsealHeaders(sealed: string | null, keys: SealingKeys): Record<string, string> {
  return sealed === null ? {} : stored.parse(JSON.parse(unseal(sealed, keys)))
}

function refuse(problem: string): HeaderChange {
  return { ok: false, problem }
}
