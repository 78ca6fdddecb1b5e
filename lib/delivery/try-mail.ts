import { judgeWireError } from '#lib/delivery/outcome'
import { clip, emptyRow, type Tried } from '#lib/delivery/settlement'
import type { Mail, Mailer } from '#lib/mail/mailer'

/** Hands one letter to the mail server and writes down what happened as it is done for HTTP, in the words of SMTP. */
export async function tryMail(mailer: Mailer, mail: Mail, startedAt: Date): Promise<Tried> {
  const { durationMs, answer, failure } = await mailer.send(mail)
  const row = {
    ...emptyRow(startedAt),
    duration_ms: durationMs,
    method: 'MAIL',
    url: mailer.server,
    request_headers: { from: mailer.from, to: mail.to.join(', '), subject: mail.subject },
    request_body: mail.text,
    response_status: answer?.code ?? null,
    response_headers: null,
    response_body: answer && clip(answer.line, 1000),
    response_bytes: answer?.line.length ?? null,
    error_class: failure?.errorClass ?? null,
    error: failure && clip(failure.message, 1000),
  }
  return { judgement: judge(failure), row, askedMs: null, hold: null, learned: {} }
}

function judge(failure: Awaited<ReturnType<Mailer['send']>>['failure']): Tried['judgement'] {
  if (!failure) return { verdict: 'delivered', errorClass: null, answerLost: false }
  const { errorClass } = failure
  if (errorClass === 'refused_content') return { verdict: 'give_up', errorClass, answerLost: false }
  return judgeWireError(errorClass, false)
}
