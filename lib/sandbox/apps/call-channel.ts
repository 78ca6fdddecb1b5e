import { findSandboxApp, type SandboxApp } from '#db/queries/sandbox-apps'
import { updateSandboxChannel } from '#db/queries/sandbox-channels'
import { AppError } from '#lib/errors'
import type { AppAnswer } from '#lib/sandbox/apps/answers'
import { freshCredential } from '#lib/sandbox/apps/fresh-credential'
import { type AppEvent, type DeleteForm, postEvent } from '#lib/sandbox/apps/post-event'
import type { SandboxDeps } from '#lib/sandbox/deps'
import type { SandboxChannel } from '#lib/sandbox/front/resources'

type Told = {
  channel: Pick<SandboxChannel, 'id' | 'appUid' | 'credentialId' | 'webhookUrl'>
  event: AppEvent
  form?: DeleteForm
  /** The app's own URL rather than the channel's: for `authorization` and `list_addresses`. */
  toServer?: boolean
}

/**
 * Tells the app of a channel something, with a token that is still good. What hinders it comes back as an answer. Where
 * the channel has to be authenticated again, Front sets it offline by itself.
 */
export async function callChannelApp(deps: SandboxDeps, { channel, event, form, toServer }: Told): Promise<AppAnswer> {
  const app = channel.appUid === null ? undefined : await findSandboxApp(deps.db, channel.appUid)
  if (!app) return notSent('The app of this channel is gone.')
  const url = toServer ? app.serverUrl : channel.webhookUrl
  if (url === null) return notSent(toServer ? 'The app has no server URL yet.' : 'The channel needs authentication.')
  const answer = await withCredential(deps, { app, channel }, (credential) =>
    postEvent(deps, { app, credential, url, event, ...(form ? { form } : {}) }),
  )
  if (!answer.ok && answer.code === 'authentication_required') {
    await updateSandboxChannel(deps.db, channel.id, { status: 'offline', statusReason: answer.reason })
  }
  return answer
}

async function withCredential(
  deps: SandboxDeps,
  { app, channel }: { app: SandboxApp; channel: Told['channel'] },
  work: (credential: Record<string, string>) => Promise<AppAnswer>,
): Promise<AppAnswer> {
  let credential: Record<string, string>
  try {
    credential = await freshCredential(deps, { app, credentialId: channel.credentialId })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { ok: false, code: 'authentication_required', reason: error.message }
  }
  return work(credential)
}

function notSent(reason: string): AppAnswer {
  return { ok: false, code: null, reason }
}
