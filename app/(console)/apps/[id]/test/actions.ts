'use server'

import { z } from 'zod'
import { getApp } from '#db/queries/apps'
import { requireUser } from '#lib/auth'
import { SIGNATURE_FAULTS, signatureWords } from '#lib/channels/signature-words'
import { db } from '#lib/database'
import { explainSignature, type LabelledSecret } from '#lib/front/explain-signature'
import { keyring } from '#lib/keyring'
import { unseal } from '#lib/secrets'
import { appForm } from '../../_parts/app-action'

export type Verdict = {
  tone: 'ok' | 'warn' | 'bad'
  title: string
  /** What was signed and with which secret; null when nothing matched. */
  match: string | null
  hints: string[]
  at: number
}
export type TestState = { errors: Record<string, string> } | { verdict: Verdict } | null

const MAX_BODY_CHARACTERS = 1_000_000

const testForm = appForm.extend({
  method: z.enum(['POST', 'DELETE', 'GET']),
  signature: z
    .string()
    .trim()
    .min(1, 'Paste the header X-Front-Signature.')
    .max(500, 'This is too long for a signature.'),
  timestamp: z
    .string()
    .trim()
    .min(1, 'Paste the header X-Front-Request-Timestamp.')
    .max(50, 'This is too long for a timestamp.'),
  // A browser's form posts every line end as CR LF; what was pasted had none of its own to lose.
  body: z
    .string()
    .max(MAX_BODY_CHARACTERS, 'This is too long.')
    .transform((text) => text.replaceAll('\r\n', '\n')),
})

/** Tries what was pasted against the app's secrets. Changes nothing, and no secret leaves the server. */
export async function testSignatureAction(_previous: TestState, form: FormData): Promise<TestState> {
  await requireUser('admin')
  const input = testForm.safeParse(Object.fromEntries(form))
  if (!input.success) {
    return { errors: Object.fromEntries(input.error.issues.map(({ path, message }) => [path.join('.'), message])) }
  }
  const { appId, method, signature, timestamp, body } = input.data
  const now = new Date()
  const secrets = await secretsOf(appId, now)
  return {
    verdict: judge(explainSignature({ method, signature, timestamp, rawBody: Buffer.from(body), secrets, now }), now),
  }
}

async function secretsOf(appId: string, now: Date): Promise<LabelledSecret[]> {
  const app = await getApp(db(), appId)
  if (!app) return []
  const current = { label: 'current' as const, secret: unseal(app.secretSealed, keyring()) }
  const { previousSecretSealed, previousSecretUntil } = app
  if (!previousSecretSealed || !previousSecretUntil || previousSecretUntil <= now) return [current]
  return [current, { label: 'previous', secret: unseal(previousSecretSealed, keyring()) }]
}

function judge({ match, fault, hints }: ReturnType<typeof explainSignature>, now: Date): Verdict {
  const words = match && `${signatureWords(match.variant)}, with the ${match.secret} app secret.`
  const rest = { match: words, hints, at: now.getTime() }
  if (fault === null) return { tone: 'ok', title: 'The signature is right', ...rest }
  if (match) return { tone: 'warn', title: 'The signature is right, its time is not', ...rest }
  return { tone: 'bad', title: SIGNATURE_FAULTS[fault], ...rest }
}
