import { z } from 'zod'
import { findSandboxApp, type SandboxApp } from '#db/queries/sandbox-apps'
import { updateSandboxChannel } from '#db/queries/sandbox-channels'
import { AppError } from '#lib/errors'
import { callChannelApp } from '#lib/sandbox/apps/call-channel'
import { freshCredential } from '#lib/sandbox/apps/fresh-credential'
import { postEvent } from '#lib/sandbox/apps/post-event'
import type { SandboxDeps } from '#lib/sandbox/deps'
import type { SandboxChannel } from '#lib/sandbox/front/resources'

export type Authorized = { ok: true } | { ok: false; reason: string }

const success = z.object({ type: z.literal('success'), webhook_url: z.url({ protocol: /^https?$/ }) })

/** Tells the app's server that a channel begins, or begins again (F2); its answer says where everything else goes. */
export async function authorizeChannel(deps: SandboxDeps, channel: SandboxChannel): Promise<Authorized> {
  const app = channel.appUid === null ? undefined : await findSandboxApp(deps.db, channel.appUid)
  if (!app) return refuse(deps, channel, 'The app of this channel is gone.')
  // What Front adds for one address of several is not documented; the server is told which one was chosen.
  const chosen = app.credentials === 'shared' ? { address: channel.address, name: channel.name } : {}
  const event = { type: 'authorization', payload: { channel_id: channel.id, ...chosen } }
  const answer = await callChannelApp(deps, { channel, event, toServer: true })
  if (!answer.ok) return refuse(deps, channel, answer.reason)
  const parsed = success.safeParse(answer.body)
  if (!parsed.success) return refuse(deps, channel, 'The server answered without a webhook_url.')
  const { webhook_url: webhookUrl } = parsed.data
  if (!sharesRoot(webhookUrl, app.serverUrl ?? '')) {
    return refuse(deps, channel, `The webhook_url ${webhookUrl} is not at the root domain of the app’s server.`)
  }
  await updateSandboxChannel(deps.db, channel.id, { webhookUrl, status: 'ok', statusReason: null })
  return { ok: true }
}

async function refuse({ db }: SandboxDeps, channel: SandboxChannel, reason: string): Promise<Authorized> {
  await updateSandboxChannel(db, channel.id, { status: 'offline', statusReason: reason })
  return { ok: false, reason }
}

/** Whether two hosts end in the same domain (T19). Front’s list of domains that many share is not known here. */
export function sharesRoot(url: string, other: string): boolean {
  const [a, b] = [URL.parse(url)?.hostname, URL.parse(other)?.hostname]
  if (!a || !b) return false
  const isName = /[a-z]/i.test(a) && a.includes('.')
  const root = (host: string) => host.split('.').slice(-2).join('.')
  return a === b || (isName && root(a) === root(b))
}

export type Address = { address: string; name: string }

const page = z.object({
  type: z.literal('success'),
  addresses: z.array(z.object({ address: z.string().min(1), name: z.string() })),
  pagination: z.object({ next_page_token: z.string().min(1).nullish() }).nullish(),
})

const MOST_PAGES = 20

/**
 * The addresses that a shared connection offers (F3), all pages.
 * @throws AppError `upstream_refused` when the server lists none
 */
export async function listAddresses(
  deps: SandboxDeps,
  { app, credentialId }: { app: SandboxApp; credentialId: string | null },
): Promise<Address[]> {
  if (app.serverUrl === null) throw new AppError('conflict', 'The app has no server URL yet.')
  const credential = await freshCredential(deps, { app, credentialId })
  const found: Address[] = []
  let token: string | undefined
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const event = { type: 'list_addresses', ...(token === undefined ? {} : { payload: { page_token: token } }) }
    const answer = await postEvent(deps, { app, credential, url: app.serverUrl, event })
    if (!answer.ok) throw new AppError('upstream_refused', answer.reason)
    const parsed = page.safeParse(answer.body)
    if (!parsed.success) throw new AppError('upstream_refused', 'The server answered list_addresses without addresses.')
    found.push(...parsed.data.addresses)
    token = parsed.data.pagination?.next_page_token ?? undefined
    if (token === undefined) break
  }
  return found
}
