import { createTransport } from 'nodemailer'
import type { HttpErrorClass } from '#lib/http/http-result'

export type Mail = { id: string; to: string[]; subject: string; text: string; html: string }

/** How handing a letter to the mail server went. Its words are those of the server. */
export type MailResult = {
  durationMs: number
  /** The server's last answer: its code and line. */
  answer: { code: number; line: string } | null
  failure: null | { errorClass: HttpErrorClass | 'credentials' | 'refused_content' | 'server_error'; message: string }
}

export type Mailer = {
  /** Who letters come from. */
  from: string
  /** The mail server's address without its credentials. */
  server: string
  send: (mail: Mail) => Promise<MailResult>
}

const CONNECT_MS = 5000
const SILENCE_MS = 8000
/** Covers everything. What is taken after it is sent again, under the same Message-ID. */
const TOTAL_MS = 15_000

type Options = { url: string; from: string; totalMs?: number }

/**
 * Hands letters to an SMTP server, one connection for each. The server is the operator's own choice, so its address is
 * not guarded. A letter keeps its Message-ID over all attempts: mail programs show one that came twice once.
 * @param url `smtp://user:password@host:587`, or `smtps://` for TLS from the start
 */
export function createMailer({ url, from, totalMs = TOTAL_MS }: Options): Mailer {
  const { protocol, hostname, port } = new URL(url)
  const transport = createTransport({
    ...{ url, connectionTimeout: CONNECT_MS, greetingTimeout: CONNECT_MS, dnsTimeout: CONNECT_MS },
    ...{ socketTimeout: SILENCE_MS, disableFileAccess: true, disableUrlAccess: true },
  })
  const server = `${protocol}//${hostname}:${port || (protocol === 'smtps:' ? 465 : 587)}`
  return {
    from,
    server,
    async send({ id, ...mail }) {
      const startedAt = performance.now()
      const took = () => Math.round(performance.now() - startedAt)
      try {
        const sending = transport.sendMail({ from, messageId: `<${id}@patchbay>`, ...mail })
        const sent = await within(sending, totalMs)
        const answer = readAnswer(sent.response)
        const refused = sent.rejected.map(String)
        if (refused.length === 0) return { durationMs: took(), answer, failure: null }
        const message = `The mail server did not take it for ${refused.join(', ')}.`
        return { durationMs: took(), answer, failure: { errorClass: 'refused_content', message } }
      } catch (error) {
        return { durationMs: took(), ...readFailure(error, hostname) }
      }
    },
  }
}

/** @throws an error of the kind that the mail library has for silence */
async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('Too slow'), { code: 'ETIMEDOUT' })), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    work.catch(() => {})
  }
}

function readAnswer(response: string | undefined): MailResult['answer'] {
  const code = Number(/^\d{3}/.exec(response ?? '')?.[0])
  return response && code ? { code, line: response.slice(0, 1000) } : null
}

type Thrown = Partial<Error> & {
  code?: string
  originalCode?: string
  response?: string
  responseCode?: number
  command?: string
}

function readFailure(error: unknown, host: string): Pick<MailResult, 'answer' | 'failure'> {
  const thrown: Thrown = error instanceof Error ? error : {}
  const answer = readAnswer(thrown.response)
  if (answer) {
    const message = `The mail server answered: ${answer.line}`
    return { answer, failure: { errorClass: classOfAnswer(answer.code, thrown.code), message } }
  }
  const errorClass = classOfError(thrown)
  return { answer: null, failure: { errorClass, message: `${WIRE_WORDS[errorClass]} (${host})` } }
}

function classOfAnswer(code: number, kind: string | undefined) {
  if (kind === 'EAUTH' || code === 530 || code === 534 || code === 535) return 'credentials'
  return code >= 500 ? 'refused_content' : 'server_error'
}

type WireClass = 'dns' | 'refused' | 'timeout_connect' | 'timeout_answer' | 'tls' | 'reset' | 'credentials'

const WIRE_WORDS: Record<WireClass, string> = {
  dns: 'The name of the mail server was not found.',
  refused: 'The mail server did not take the connection.',
  timeout_connect: 'The mail server did not take the connection in time.',
  timeout_answer: 'The mail server did not answer in time.',
  tls: 'There was no secure connection to the mail server.',
  reset: 'The connection to the mail server broke.',
  credentials: 'The mail server wants a user name and a password, and SMTP_URL holds none.',
}

function classOfError({ code, originalCode, command }: Thrown): WireClass {
  if (code === 'EDNS' || originalCode === 'ENOTFOUND') return 'dns'
  if (code === 'ETLS' || code === 'EREQUIRETLS') return 'tls'
  if (code === 'ENOAUTH') return 'credentials'
  if (originalCode === 'ECONNREFUSED') return 'refused'
  if (code === 'ETIMEDOUT') return command === 'CONN' ? 'timeout_connect' : 'timeout_answer'
  return /CERT|SSL|TLS/.test(originalCode ?? '') ? 'tls' : 'reset'
}
