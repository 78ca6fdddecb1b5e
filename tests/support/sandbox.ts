import { randomBytes } from 'node:crypto'
import { insertSandboxChannel, type NewSandboxChannel } from '#db/queries/sandbox-channels'
import type { HttpRequest, HttpResult } from '#lib/http/http-result'
import type { SandboxDeps, SandboxWork } from '#lib/sandbox/deps'
import { answerFrontCall } from '#lib/sandbox/front/api'
import { sandboxBaseUrl, sandboxToken } from '#lib/sandbox/identity'
import type { SealingKeys } from '#lib/secrets'
import type { TestDatabase } from '#tests/support/postgres'

export const PUBLIC_URL = 'https://patchbay.example'
export const START = new Date('2026-11-21T10:00:01.000Z')

type Options = {
  json?: unknown
  text?: string
  form?: FormData
  token?: string
  /** Milliseconds after the start. */
  atMs?: number
}

/** The sandbox's Front on a test database, with a clock that stands still and posts that a script answers. */
export function testSandbox({ db }: TestDatabase) {
  const keys: SealingKeys = [randomBytes(32)]
  const sent: HttpRequest[] = []
  /** How long each of the posts would have waited, in milliseconds. */
  const timeouts: (number | undefined)[] = []
  const waiting: { delayMs: number; work: SandboxWork }[] = []
  const script = { answer: (_request: HttpRequest): ScriptedAnswer => 200 }
  const deps: SandboxDeps = {
    db,
    keys,
    publicUrl: PUBLIC_URL,
    now: START,
    random: Math.random,
    send: async (request, { timeoutMs } = {}) => {
      sent.push(request)
      timeouts.push(timeoutMs)
      return answered(request, script.answer(request))
    },
    later: (delayMs, work) => {
      waiting.push({ delayMs, work })
    },
  }
  const later = (ms: number): SandboxDeps => ({ ...deps, now: new Date(START.getTime() + ms) })
  async function call(method: string, path: string, { json, text, form, token, atMs = 0 }: Options = {}) {
    const headers = new Headers({ authorization: `Bearer ${token ?? sandboxToken(keys)}` })
    if (!form) headers.set('content-type', 'application/json')
    const body = form ?? text ?? (json === undefined ? null : JSON.stringify(json))
    const request = new Request(sandboxBaseUrl(PUBLIC_URL) + path, { method, headers, body })
    const [plain = ''] = path.slice(1).split('?')
    const response = await answerFrontCall(request, plain.split('/').map(decodeURIComponent), later(atMs))
    const answer = await response.text()
    return { status: response.status, headers: response.headers, json: answer === '' ? null : JSON.parse(answer) }
  }
  /** The path of a link that the API gave. */
  const pathOf = (link: string) => link.slice(sandboxBaseUrl(PUBLIC_URL).length)
  /** Does what was put off until now, and what that puts off in turn. */
  async function catchUp(atMs: number): Promise<void> {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next.work(later(atMs))
  }
  return { deps, later, call, pathOf, sent, timeouts, script, catchUp, waiting }
}

export type TestSandbox = ReturnType<typeof testSandbox>

/** A status alone, or with a body as JSON; null: no answer comes. */
export type ScriptedAnswer = number | { status?: number; json: unknown } | null

function answered(request: HttpRequest, scripted: ScriptedAnswer): HttpResult {
  if (scripted === null) {
    const failure = { code: 'timeout_answer' as const, message: 'It took too long.', mayHaveArrived: true }
    return { answer: null, failure, durationMs: 1, ip: null, requestHeaders: request.headers }
  }
  const status = typeof scripted === 'number' ? scripted : (scripted.status ?? 200)
  const body = typeof scripted === 'number' ? (status < 300 ? '{}' : 'no') : JSON.stringify(scripted.json)
  const answer = { status, headers: {}, body, bytes: body.length, cut: false }
  return { answer, failure: null, durationMs: 1, ip: null, requestHeaders: request.headers }
}

let channelCount = 0

/** A custom channel in the sandbox. */
export async function createSandboxChannel({ deps }: TestSandbox, overrides: Partial<NewSandboxChannel> = {}) {
  channelCount += 1
  return insertSandboxChannel(deps.db, {
    id: `cha_test${channelCount}`,
    inboxId: 'inb_support',
    name: 'Chat',
    type: 'custom',
    address: `chat${channelCount}@custom.sandbox.example`,
    webhookUrl: 'https://patchbay.example/api/front/custom/key/outgoing',
    settings: {},
    ...overrides,
  })
}
