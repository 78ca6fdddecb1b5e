import { headers } from 'next/headers'
import { after } from 'next/server'
import type { App } from '#db/queries/apps'
import { db } from '#lib/database'
import { env } from '#lib/env'
import { keepRequest } from '#lib/flows/keep-request'
import { callerAddress } from '#lib/http/caller-address'
import { maskHeaders } from '#lib/http/mask-headers'

/** Writes down that nobody was led back, once the page is on its way: an admin finds the reason among the requests. */
export async function keepRefusedSignIn(app: App, message: string): Promise<void> {
  const given = await headers()
  const request = {
    channelId: null,
    appId: app.id,
    direction: 'outbound' as const,
    method: 'GET',
    path: `/oauth/${app.key}/authorize`,
    ip: callerAddress(given, env().TRUSTED_PROXIES),
    // Whoever asks carries the page's own address among them, which may hold a state.
    headers: maskHeaders([...given].filter(([name]) => !name.startsWith('x-patchbay-'))),
    status: 400,
    code: 'oauth_sign_in',
    message,
    bodyExcerpt: null,
    bodyBytes: 0,
    durationMs: 0,
  }
  after(() => keepRequest(db(), request))
}
