import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

// As much of the Postgres wire protocol (version 3) as a pooler needs: frames, and logging in by SCRAM-SHA-256.

/** A message with its type; `bytes` is all of it, as it goes over the wire. */
export type Frame = { type: string; body: Buffer; bytes: Buffer }

const TYPED_HEAD = 5

/** Cuts what arrives into frames. The first one of a client has no type. */
export function frameReader({ startsUntyped }: { startsUntyped: boolean }): (chunk: Buffer) => Frame[] {
  let rest: Buffer = Buffer.alloc(0)
  let untyped = startsUntyped
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    const frames: Frame[] = []
    for (;;) {
      const head = untyped ? TYPED_HEAD - 1 : TYPED_HEAD
      if (rest.length < head) return frames
      const size = rest.readUInt32BE(head - 4) + head - 4
      if (rest.length < size) return frames
      const type = untyped ? '' : String.fromCharCode(rest[0] ?? 0)
      const frame = { type, body: rest.subarray(head, size), bytes: rest.subarray(0, size) }
      frames.push(frame)
      rest = rest.subarray(size)
      // A request for encryption is followed by another untyped one.
      untyped = untyped && isEncryptionRequest(frame)
    }
  }
}

const ENCRYPTION_CODES = [80877103, 80877104]

export function isEncryptionRequest({ type, body }: Frame): boolean {
  return type === '' && ENCRYPTION_CODES.includes(body.readUInt32BE(0))
}

export function makeFrame(type: string, body: Buffer): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(type, 'latin1'), size, body])
}

export type Session = { socket: Socket; parameters: Buffer[] }

/** A session of the user and database that an address names, with no settings of its own. */
export async function openSession(databaseUrl: string): Promise<Session> {
  const url = new URL(databaseUrl)
  const socket = connect({ port: Number(url.port), host: url.hostname, noDelay: true })
  await once(socket, 'connect')
  socket.write(startup({ user: url.username, database: url.pathname.slice(1), application_name: 'pooler' }))
  const read = frameReader({ startsUntyped: false })
  const parameters: Buffer[] = []
  let scram: Scram | null = null
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    for (const { type, body, bytes } of read(chunk)) {
      if (type === 'E') throw new Error(`Postgres refused the pooler: ${body.toString('latin1')}`)
      if (type === 'S') parameters.push(bytes)
      if (type === 'Z') return { socket, parameters }
      if (type !== 'R') continue
      scram ??= startScram(decodeURIComponent(url.password))
      const reply = scram(body.readUInt32BE(0), body.subarray(4).toString('latin1'))
      if (reply) socket.write(makeFrame('p', reply))
    }
  }
  throw new Error('Postgres ended the session of the pooler while it began.')
}

function startup(settings: Record<string, string>): Buffer {
  const words = Object.entries(settings).flat()
  const version = Buffer.from([0, 3, 0, 0])
  return makeFrame('', Buffer.concat([version, Buffer.from(`${words.join('\0')}\0\0`)]))
}

type Scram = (step: number, said: string) => Buffer | null
const OFFERED = 10
const CONTINUED = 11

/** RFC 5802 without channel binding. */
function startScram(password: string): Scram {
  const first = `n=,r=${randomBytes(18).toString('base64')}`
  return (step, said) => {
    if (step === OFFERED) {
      const opening = Buffer.from(`n,,${first}`)
      const size = Buffer.alloc(4)
      size.writeUInt32BE(opening.length)
      return Buffer.concat([Buffer.from('SCRAM-SHA-256\0'), size, opening])
    }
    return step === CONTINUED ? prove(password, { first, said }) : null
  }
}

function prove(password: string, { first, said }: { first: string; said: string }): Buffer {
  const [, nonce = '', salt = '', rounds = ''] = /^r=([^,]+),s=([^,]+),i=(\d+)/.exec(said) ?? []
  const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest()
  const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(rounds), 32, 'sha256')
  const clientKey = hmac(salted, 'Client Key')
  const unproven = `c=biws,r=${nonce}`
  const signature = hmac(createHash('sha256').update(clientKey).digest(), `${first},${said},${unproven}`)
  const proof = clientKey.map((byte, n) => byte ^ (signature[n] ?? 0))
  return Buffer.from(`${unproven},p=${Buffer.from(proof).toString('base64')}`)
}
