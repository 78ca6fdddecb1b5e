import { setTimeout as pause } from 'node:timers/promises'
import { signApplication, signCustom } from '#lib/front/signature'
import type { Letter } from '#tests/faults/count'

/** Where a line's messages are handed over. `conversationKey`: what the provider calls a conversation, its name unless told. */
export type Doors = {
  serverUrl: string
  channelKey: string
  bearer: string
  apiSecret: string
  conversationKey?: (talk: string) => string
}

const WORDS = /letter (\d+) of (talk-[\w-]+)/

/** What a message says of itself: the only thing about it that no id can change. */
export function writeLetter({ talk, n }: Pick<Letter, 'talk' | 'n'>): string {
  return `This is letter ${n} of ${talk}.`
}

/** @throws Error when the text holds none of our messages */
export function readLetter(text: string): Pick<Letter, 'talk' | 'n'> {
  const [, n, talk] = WORDS.exec(text) ?? []
  if (n === undefined || talk === undefined) throw new Error(`No letter of ours: ${text.slice(0, 200)}`)
  return { talk, n: Number(n) }
}

/** The call by which the other side hands a message over, the same each time. */
export function postOf(doors: Doors, letter: Letter): { url: string; headers: Record<string, string>; body: string } {
  return letter.direction === 'inbound' ? postOfProvider(doors, letter) : postOfFront(doors, letter)
}

function postOfProvider(doors: Doors, { talk, n }: Letter) {
  const { serverUrl, channelKey, bearer, conversationKey = (name) => name } = doors
  return {
    url: `${serverUrl}/api/channels/${channelKey}/incoming`,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      external_id: `${talk}-${n}`,
      sender: { handle: talk, name: 'Ada' },
      conversation_key: conversationKey(talk),
      body: writeLetter({ talk, n }),
    }),
  }
}

function postOfFront({ serverUrl, channelKey, apiSecret }: Doors, letter: Letter) {
  const body = JSON.stringify(frontMessage(letter))
  const headers = { 'x-front-signature': signCustom(body, apiSecret), 'content-type': 'application/json' }
  return { url: `${serverUrl}/api/front/custom/${channelKey}/outgoing`, headers, body }
}

function frontMessage({ talk, n }: Letter) {
  const words = writeLetter({ talk, n })
  return {
    id: `msg_${talk}_${n}`,
    message_uid: `uid_${talk}_${n}`,
    type: 'custom',
    is_inbound: false,
    created_at: 1_790_000_000 + n,
    body: `<p>${words}</p>`,
    text: words,
    author: { id: 'tea_1', email: 'leela@example.com', first_name: 'Leela', last_name: 'T' },
    recipients: [{ handle: talk, role: 'to', name: 'Ada' }],
    attachments: [],
    metadata: {},
    _links: { related: { conversation: `https://front.example/conversations/cnv_${talk}` } },
  }
}

/** An app of Front and what it signs with. */
export type AppDoor = { key: string; secret: string }

/** A reply as Front tells an app of it. */
export function postToApp({ serverUrl, channelKey }: Doors, app: AppDoor, letter: Letter): ReturnType<typeof postOf> {
  const body = JSON.stringify({ type: 'message', payload: frontMessage(letter), metadata: {} })
  return {
    url: `${serverUrl}/api/front/apps/${app.key}/channels/${channelKey}`,
    headers: { 'content-type': 'application/json', ...timeSignature(body, app.secret) },
    body,
  }
}

function timeSignature(body: string, secret: string): Record<string, string> {
  const timestamp = String(Date.now())
  return { 'x-front-signature': signApplication(body, timestamp, secret), 'x-front-request-timestamp': timestamp }
}

/** A reply as Front signs it where it tells the time along. */
export function signedByTime(doors: Doors, letter: Letter): ReturnType<typeof postOf> {
  const { url, headers, body } = postOf(doors, letter)
  return { url, headers: { ...headers, ...timeSignature(body, doors.apiSecret) }, body }
}

const RETRY_MS = 100

/**
 * Hands a message over as a patient caller does: again and again, unchanged, until it is answered for with a 2xx.
 * @returns false when `isOver` said so before that
 * @throws Error when it is refused for good, which no fault of ours should cause
 */
export async function handOver(
  doors: Doors,
  letter: Letter,
  { isOver = () => false, app }: { isOver?: () => boolean; app?: AppDoor } = {},
): Promise<boolean> {
  while (!isOver()) {
    const { url, ...post } = app ? postToApp(doors, app, letter) : postOf(doors, letter)
    const status = await fetch(url, { method: 'POST', ...post, signal: AbortSignal.timeout(30_000) })
      .then(async (response) => {
        await response.arrayBuffer()
        return response.status
      })
      .catch(() => 0)
    if (status >= 200 && status < 300) return true
    if (status >= 400 && status < 500 && status !== 429) throw new Error(`A message was refused with ${status}.`)
    await pause(RETRY_MS)
  }
  return false
}
