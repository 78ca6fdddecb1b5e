import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

export type Letter = { from: string; to: string[]; raw: string }

type Rules = {
  /** Answers `RCPT TO` of this address with the code; 550 is for good, 451 for now. */
  refuse?: { address: string; code: number; message: string }
  credentials?: { user: string; pass: string }
}

/** A real mail server on this machine that keeps what it takes. */
export async function startMailServer({ refuse, credentials }: Rules = {}) {
  const letters: Letter[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', ...(credentials ? [] : ['AUTH'])],
    authOptional: !credentials,
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, done) {
      const known = username === credentials?.user && password === credentials?.pass
      done(known ? null : new Error('Invalid login'), known ? { user: username } : undefined)
    },
    onRcptTo({ address }, _session, done) {
      if (address !== refuse?.address) return done()
      done(Object.assign(new Error(refuse.message), { responseCode: refuse.code }))
    },
    onData(stream, { envelope }, done) {
      void text(stream).then((raw) => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : ''
        letters.push({ from, to: envelope.rcptTo.map(({ address }) => address), raw })
        done()
      })
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  const user = credentials ? `${credentials.user}:${credentials.pass}@` : ''
  return {
    url: `smtp://${user}127.0.0.1:${port}`,
    letters,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
