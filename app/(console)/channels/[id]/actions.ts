'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { getChannel } from '#db/queries/channels'
import { findCompany } from '#db/queries/companies'
import type { Role } from '#db/schema/users'
import { requireUser } from '#lib/auth'
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

const channelForm = z.object({ channelId: z.uuid() })
const pauseForm = channelForm.extend({
  reason: z.string().trim().min(3, 'Say in a few words why.').max(300, 'Keep it under 300 characters.'),
})
const archiveForm = channelForm.extend({ typedName: z.string().max(200) })
const finishForm = channelForm.extend({ frontChannelId })

type Doing<Input> = { role: Role; schema: z.ZodType<Input>; form: FormData }
type Who = { actor: string; now: Date }

export async function pauseAction(_previous: ConfirmState | null, form: FormData): Promise<ConfirmState> {
  return decide({ role: 'support', schema: pauseForm, form }, async (input, who) => {
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

async function decide<Input extends { channelId: string }>(
  { role, schema, form }: Doing<Input>,
  work: (input: Input, who: Who) => Promise<string>,
): Promise<ConfirmState> {
  const user = await requireUser(role)
  const input = schema.safeParse(Object.fromEntries(form))
  if (!input.success) return { ok: false, message: input.error.issues[0]?.message ?? 'There is no such channel.' }
  try {
    const message = await work(input.data, { actor: user.email, now: new Date() })
    return { ok: true, message }
  } catch (error) {
    if (error instanceof AppError) return { ok: false, message: error.message }
    throw error
  } finally {
    // Also after a refusal: what was refused has usually changed meanwhile, and the page shows how.
    revalidatePath('/channels', 'layout')
  }
}
