import { signApplication } from '#lib/front/signature'
import { APP_SECRET } from '#tests/support/applications'

export type Random = () => number

/** A webhook request before anybody makes it one. */
export type FuzzCall = {
  method: string
  path: string
  headers: Record<string, string>
  body: Buffer | null
  /** An app without authentication takes any credential. */
  needsKey: boolean
  /** A part on which the right to be stored rests was touched. */
  isForged: boolean
}

export function pick<T>(random: Random, list: readonly T[]): T {
  const one = list[Math.floor(random() * list.length)]
  if (one === undefined) throw new Error('Nothing to pick from.')
  return one
}

/** A call as Front signs it. */
export function signedCall(
  call: Pick<FuzzCall, 'method' | 'path'> & { body: string | null; key: string | null; now: Date },
): FuzzCall {
  const timestamp = String(call.now.getTime())
  return {
    method: call.method,
    path: call.path,
    headers: {
      'content-type': 'application/json',
      'x-front-signature': signApplication(call.body ?? 'undefined', timestamp, APP_SECRET),
      'x-front-request-timestamp': timestamp,
      ...(call.key === null ? {} : { authorization: `Bearer ${call.key}` }),
    },
    body: call.body === null ? null : Buffer.from(call.body),
    needsKey: call.key !== null,
    isForged: false,
  }
}

type Mutation = (call: FuzzCall, random: Random) => FuzzCall

const withHeader = (call: FuzzCall, name: string, value: string | null): FuzzCall => {
  const { [name]: _old, ...rest } = call.headers
  return { ...call, headers: value === null ? rest : { ...rest, [name]: value } }
}

/** One character of a text becomes another one. */
function changeOne(text: string, random: Random): string {
  const at = Math.floor(random() * text.length)
  const other = pick(random, [...'ABCabc019+/=-_ .,'])
  return text[at] === other ? `${text}~` : text.slice(0, at) + other + text.slice(at + 1)
}

const SIGNATURES: Mutation[] = [
  (call) => withHeader(call, 'x-front-signature', null),
  (call) => withHeader(call, 'x-front-signature', ''),
  (call, random) => withHeader(call, 'x-front-signature', changeOne(call.headers['x-front-signature'] ?? '', random)),
  (call, random) =>
    withHeader(
      call,
      'x-front-signature',
      (call.headers['x-front-signature'] ?? '').slice(0, Math.floor(random() * 43)),
    ),
  (call) =>
    withHeader(call, 'x-front-signature', `${call.headers['x-front-signature']}, ${call.headers['x-front-signature']}`),
  (call, random) =>
    withHeader(call, 'x-front-signature', randomBytes(random, pick(random, [20, 32, 64])).toString('base64')),
  (call) => {
    const text = call.body?.toString('utf8') ?? 'undefined'
    const signature = signApplication(text, call.headers['x-front-request-timestamp'] ?? '', 'another secret')
    return withHeader(call, 'x-front-signature', signature)
  },
]

const TIMESTAMPS: Mutation[] = [
  (call) => withHeader(call, 'x-front-request-timestamp', null),
  (call, random) => {
    const other = pick(random, [
      '',
      '0',
      '-1',
      'NaN',
      '1e13',
      '0x18aa',
      '99999999999999999999',
      '1700000000',
      'soon',
      '17.0.0',
    ])
    return withHeader(call, 'x-front-request-timestamp', other)
  },
  (call, random) => {
    const shifted = Number(call.headers['x-front-request-timestamp']) + 1 + Math.floor(random() * 1e6)
    return withHeader(call, 'x-front-request-timestamp', String(shifted))
  },
  (call) => withHeader(call, 'x-front-request-timestamp', `${call.headers['x-front-request-timestamp']}.0`),
]

/** What is stored of these was signed all the same, or they are refused: the body itself decides. */
const BODIES: Mutation[] = [
  (call, random) =>
    editBody(call, random, (bytes, at) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])),
  (call, random) =>
    editBody(call, random, (bytes, at) =>
      Buffer.concat([bytes.subarray(0, at), randomBytes(random, 1 + Math.floor(random() * 6)), bytes.subarray(at)]),
    ),
  (call, random) => editBody(call, random, (bytes, at) => bytes.subarray(0, at)),
  (call, random) =>
    editBody(call, random, (bytes, at) => {
      const copy = Buffer.from(bytes)
      copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(random() * 8))
      return copy
    }),
  (call, random) =>
    editBody(call, random, (bytes, at) => Buffer.concat([bytes.subarray(0, at), Buffer.from(' '), bytes.subarray(at)])),
  (call) => ({ ...call, body: Buffer.concat([call.body ?? Buffer.alloc(0), Buffer.from('{}')]) }),
  (call) => ({ ...call, body: null }),
]

const CREDENTIALS: Mutation[] = [
  (call) => withHeader(call, 'authorization', null),
  (call, random) => withHeader(call, 'authorization', `Bearer ${changeOne(call.headers.authorization ?? '', random)}`),
  (call, random) =>
    withHeader(
      call,
      'authorization',
      pick(random, ['Bearer', 'Basic', 'Basic !!!', 'Basic Og==', 'Bearer \u00ff', 'x'.repeat(600)]),
    ),
  (call) => withHeader(withHeader(call, 'authorization', null), 'x-api-key', 'pbc_guess'),
]

const METHODS: Mutation[] = ['GET', 'PUT', 'PATCH', 'HEAD', 'OPTIONS', 'DELETE'].map((method) => (call: FuzzCall) => ({
  ...call,
  method,
}))

function editBody(call: FuzzCall, random: Random, edit: (bytes: Buffer, at: number) => Buffer): FuzzCall {
  const bytes = call.body ?? Buffer.alloc(0)
  return { ...call, body: edit(bytes, Math.floor(random() * bytes.length)) }
}

function randomBytes(random: Random, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => Math.floor(random() * 256)))
}

/** What a signature rests on is not as Front sent it. */
function spoil(call: FuzzCall, random: Random): FuzzCall {
  const lot = random()
  if (lot < 0.35) return pick(random, BODIES)(call, random)
  return { ...pick(random, lot < 0.7 ? SIGNATURES : TIMESTAMPS)(call, random), isForged: true }
}

/** The signature is Front's own, and the call goes where it should not, or without the right key. */
export function misuse(call: FuzzCall, random: Random, otherPaths: readonly string[]): FuzzCall {
  const lot = random()
  if (lot < 0.5) {
    const path = pick(random, otherPaths)
    // Once only, or a second time might lead it home again.
    return call.isForged ? call : { ...call, path, isForged: path !== call.path }
  }
  if (lot < 0.7) return { ...pick(random, METHODS)(call, random), isForged: true }
  return { ...pick(random, CREDENTIALS)(call, random), isForged: call.isForged || call.needsKey }
}

/** One to three things about a call changed, at least one of them under its signature. */
export function mutate(call: FuzzCall, random: Random, otherPaths: readonly string[]): FuzzCall {
  let mutated = spoil(call, random)
  for (let left = Math.floor(random() * 3); left > 0; left -= 1) {
    mutated = random() < 0.5 ? spoil(mutated, random) : misuse(mutated, random, otherPaths)
  }
  return mutated
}

/** A removal is let in by its signature alone, so only that is tried. */
export function mutateSignature(call: FuzzCall, random: Random): FuzzCall {
  return { ...pick(random, pick(random, [SIGNATURES, TIMESTAMPS]))(call, random), isForged: true }
}

const STRANGE: readonly unknown[] = [
  ...[
    null,
    true,
    0,
    -1,
    1e308,
    9e15,
    '',
    ' ',
    '\u0000',
    '\ud800',
    'x'.repeat(5000),
    '😀',
    '<b>',
    "'; --",
    '%00',
    '../..',
  ],
  ...[[], [[]], {}, { __proto__: 1 }, [null], Array(200).fill({}), { id: {} }, { constructor: { prototype: 1 } }],
]

/** The same event with one to four of its values, however deep, replaced by something that Front never sends. */
export function estrange(event: unknown, random: Random): unknown {
  let strange = event
  for (let left = 1 + Math.floor(random() * 4); left > 0; left -= 1) strange = replaceOne(strange, random, 0)
  return strange
}

function replaceOne(value: unknown, random: Random, depth: number): unknown {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
  if (entries.length === 0 || (depth > 0 && random() < 0.25)) return pick(random, STRANGE)
  const [key] = pick(random, entries)
  const changed = entries.map(([name, one]) => [name, name === key ? replaceOne(one, random, depth + 1) : one] as const)
  return Array.isArray(value) ? changed.map(([, one]) => one) : Object.fromEntries(changed)
}
