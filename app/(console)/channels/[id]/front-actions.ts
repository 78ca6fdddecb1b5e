'use server'

import { z } from 'zod'
import { CHANNEL_SIDES } from '#db/schema/targets'
import { db } from '#lib/database'
import { overrideBreaker } from '#lib/flows/override-breaker'
import { setChannelStatus } from '#lib/flows/set-channel-status'
import type { ConfirmState } from '#ui/confirm-dialog'
import { channelForm, decide, reasonForm } from './decide'

const sideForm = channelForm.extend({ direction: z.enum(CHANNEL_SIDES) })

export async function markOfflineAction(_previous: ConfirmState | null, form: FormData): Promise<ConfirmState> {
  return decide({ role: 'support', schema: reasonForm, form }, async ({ channelId, reason }, { actor, now }) => {
    const changed = await setChannelStatus(db(), { channelId, status: 'offline', reason, by: actor, now })
    return changed ? 'Offline. Front is being told, and replies are kept.' : 'It was offline already.'
  })
}

export async function backOnlineAction(_previous: ConfirmState | null, form: FormData): Promise<ConfirmState> {
  return decide({ role: 'support', schema: channelForm, form }, async ({ channelId }, { actor, now }) => {
    const changed = await setChannelStatus(db(), { channelId, status: 'ok', reason: null, by: actor, now })
    return changed ? 'Back online. What waited goes out in order.' : 'It was online already.'
  })
}

export async function sendAgainNowAction(_previous: ConfirmState | null, form: FormData): Promise<ConfirmState> {
  return decide({ role: 'support', schema: sideForm, form }, async ({ channelId, direction }, { actor }) => {
    await overrideBreaker(db(), { channelId, direction, actor })
    return 'Patchbay sends there again.'
  })
}
