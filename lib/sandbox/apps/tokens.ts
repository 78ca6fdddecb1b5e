import { z } from 'zod'
import type { SandboxApp } from '#db/queries/sandbox-apps'
import { AppError } from '#lib/errors'
import { basic } from '#lib/sandbox/apps/credentials'
import type { SandboxDeps } from '#lib/sandbox/deps'
import { post } from '#lib/sandbox/post'
import { unseal } from '#lib/secrets'

const TIMEOUT_MS = 7000

export type Client = { id: string; secret: string }
export type Tokens = { accessToken: string; refreshToken: string | null; expiresAt: Date | null }

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  expires_in: z.number().positive().optional(),
})

const oauthError = z.object({ error: z.string(), error_description: z.string().optional() })

/** The client that the app's OAuth settings name. */
export function clientOf(app: SandboxApp, { keys }: Pick<SandboxDeps, 'keys'>): Client {
  if (app.clientId === null || app.clientSecretSealed === null) {
    throw new AppError('conflict', 'The app has no client ID and client secret yet.')
  }
  return { id: app.clientId, secret: unseal(app.clientSecretSealed, keys) }
}

/**
 * Asks an app's server for tokens (F9), with the client shown by Basic and the rest as a form.
 * @throws AppError `upstream_refused` with the server's own words when it gives none
 */
export async function askForTokens(
  deps: SandboxDeps,
  { url, client, grant }: { url: string; client: Client; grant: Record<string, string> },
): Promise<Tokens> {
  const answer = await postForm(deps, { url, client, fields: grant, what: 'token URL' })
  const parsed = tokenAnswer.safeParse(answer)
  if (!parsed.success) throw new AppError('upstream_refused', 'The token URL answered without an access_token.')
  const { access_token: accessToken, refresh_token: refreshToken = null, expires_in: livesS } = parsed.data
  const expiresAt = livesS === undefined ? null : new Date(deps.now.getTime() + livesS * 1000)
  return { accessToken, refreshToken, expiresAt }
}

const introspection = z.object({
  active: z.boolean(),
  front_channel_name: z.string().min(1).optional(),
  front_channel_address: z.string().min(1).optional(),
  resource_owner_id: z.union([z.string(), z.number()]).transform(String).optional(),
  resource_owner_name: z.string().optional(),
})

export type Introspection = z.infer<typeof introspection>

/**
 * Asks what an access token stands for (F10).
 * @throws AppError `upstream_refused` when the answer is none, or the token is not active
 */
export async function introspect(
  deps: SandboxDeps,
  { url, client, token }: { url: string; client: Client; token: string },
): Promise<Introspection> {
  const answer = await postForm(deps, { url, client, fields: { token }, what: 'token introspection URL' })
  const parsed = introspection.safeParse(answer)
  if (!parsed.success) throw new AppError('upstream_refused', 'The token introspection URL answered without “active”.')
  if (!parsed.data.active) throw new AppError('upstream_refused', 'The server says that the token is not active.')
  return parsed.data
}

type Form = { url: string; client: Client; fields: Record<string, string>; what: string }

async function postForm(deps: SandboxDeps, { url, client, fields, what }: Form): Promise<unknown> {
  const headers = {
    authorization: basic(client),
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
  }
  const body = new URLSearchParams(fields).toString()
  const result = await post(deps.send, { url, headers, body, timeoutMs: TIMEOUT_MS, maxAnswerBytes: 20_000 })
  if (result.kind === 'failed') throw new AppError('upstream_refused', `The ${what} did not answer. ${result.message}`)
  const json = parse(result.body)
  if (result.status >= 200 && result.status < 300) return json
  const { error, error_description: more } = oauthError.safeParse(json).data ?? { error: 'no reason given' }
  const words = more ? `${error}: ${more}` : error
  throw new AppError('upstream_refused', `The ${what} answered ${result.status} (${words.slice(0, 300)}).`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
