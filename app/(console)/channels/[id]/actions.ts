'use server'

import { redirect } from 'next/navigation'
import { z } from 'zod'
import { getChannel } from '#db/queries/channels'
import { findCompany } from '#db/queries/companies'
import { db } from '#lib/database'
import { env } from '#lib/env'
import { AppError } from '#lib/errors'
import { archiveChannel } from '#lib/flows/archive-channel'
import { frontChannelId } from '#lib/flows/connect-channel'
import { dropUnfinishedChannel, finishChannel } from '#lib/flows/finish-channel'
import { pauseChannel } from '#lib/flows/pause-channel'
import { resumeChannel } from '#lib/flows/resume-channel'
import { rotateChannelAddress } from '#lib/flows/rotate-channel-address'
import { setFrontWebhookUrl } from '#lib/flows/set-front-webhook-url'
import type { ConfirmState } from '#ui/confirm-dialog'
import { frontOf } from '../_parts/surroundings'
import { channelForm, decide, reasonForm } from './decide'

const archiveForm = channelForm.extend({ typedName: z.string().max(200) })
const finishForm = channelForm.extend({ frontChannelId })

export async function pauseAction(_previous: ConfirmState | null, form: FormData): Promise<ConfirmState> {
  return decide({ role: 'support', schema: reasonForm, form }, async (input, who) => {
    await pauseChannel(db(), { ...input, ...who })
    return 'Paused. Messages are kept from now on.'
  })
}

export async function resumeAction(_previous: ConfirmState | null, form: FormData): Promise<ConfirmState> {
  return decide({ role: 'support', schema: channelForm, form }, async (input, who) => {
    await resumeChannel(db(), { ...input, ...who })
    return 'Resumed. What waited goes out in order.'
  })
}

export async function archiveAction(_previous: ConfirmState | null, form: FormData): Promise<ConfirmState> {
  return decide({ role: 'admin', schema: archiveForm, form }, async (input, who) => {
    await archiveChannel(db(), { ...input, ...who })
    return 'Archived. The log stays readable.'
  })
}

export async function rotateAddressAction(_previous: ConfirmState | null, form: FormData): Promise<ConfirmState> {
  return decide({ role: 'admin', schema: channelForm, form }, async (input, who) => {
    await rotateChannelAddress(db(), { ...input, ...who })
    return 'The addresses are new. Paste them where the old ones were.'
  })
}

export async function setFrontUrlAction(_previous: ConfirmState | null, form: FormData): Promise<ConfirmState> {
  return decide({ role: 'admin', schema: channelForm, form }, async ({ channelId }, { actor }) => {
    await tellFront(channelId, actor)
    return 'Front posts its replies here now.'
  })
}

/** The channel found in Front also gets our URL: Front never says which one it has. */
export async function finishAction(_previous: ConfirmState | null, form: FormData): Promise<ConfirmState> {
  return decide({ role: 'admin', schema: finishForm, form }, async (input, who) => {
    await finishChannel(db(), { ...input, ...who })
    try {
      await tellFront(input.channelId, who.actor)
      return 'Finished. The channel carries messages now.'
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return `Finished, but Front did not take our URL: ${error.message} Set it on the Connect tab.`
    }
  })
}

export async function dropAction(_previous: ConfirmState | null, form: FormData): Promise<ConfirmState> {
  const state = await decide({ role: 'admin', schema: channelForm, form }, async ({ channelId }, { actor }) => {
    await dropUnfinishedChannel(db(), { channelId, actor })
    return 'Removed.'
  })
  if (state.ok) redirect('/channels')
  return state
}

async function tellFront(channelId: string, actor: string): Promise<void> {
  const channel = await getChannel(db(), channelId)
  const company = channel && (await findCompany(db(), channel.companyId))
  if (!company) throw new AppError('not_found', 'There is no such channel.')
  await setFrontWebhookUrl(db(), { channel, front: frontOf(company), publicUrl: env().PUBLIC_URL, actor })
}
