'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { findSandboxChannel, insertSandboxChannel, updateSandboxChannel } from '#db/queries/sandbox-channels'
import { CONTACT_TYPES } from '#db/schema/channels'
import { REPLY_MODES } from '#db/schema/sandbox'
import { requireUser } from '#lib/auth'
import { AppError } from '#lib/errors'
import { storableText } from '#lib/http/storable'
import { MOST_AUTO_REPLIES } from '#lib/sandbox/apps/auto-reply'
import { deleteAppChannel } from '#lib/sandbox/apps/delete-channel'
import { DELETE_FORMS } from '#lib/sandbox/apps/post-event'
import { newAddress } from '#lib/sandbox/front/new-address'
import { frontId, SANDBOX_INBOXES } from '#lib/sandbox/identity'
import type { ConfirmState } from '#ui/confirm-dialog'
import { sandboxDeps } from '../../_parts/deps'
import { attempt, type FormState, parseForm } from '../../_parts/form-state'

const text = z.string().transform((value) => storableText(value).trim())
const channelForm = z.object({
  id: z.string().max(60).optional(),
  inboxId: z.enum(SANDBOX_INBOXES.map((inbox) => inbox.id)).optional(),
  name: text,
  webhookUrl: text,
  contactType: z.enum(CONTACT_TYPES),
  replyMode: z.enum(REPLY_MODES),
})

/** Makes a channel in the sandbox by hand, as an admin does in Front's settings, or changes one. */
export async function saveChannelAction(_previous: FormState, form: FormData): Promise<FormState> {
  const deps = await sandboxDeps()
  await requireUser('support')
  const state = await attempt(form, async () => {
    const { id, inboxId = SANDBOX_INBOXES[0].id, webhookUrl, ...rest } = channelForm.parse(Object.fromEntries(form))
    if (rest.name === '') throw new AppError('invalid_input', 'Give the channel a name.')
    if (webhookUrl !== '' && !z.url({ protocol: /^https?$/ }).safeParse(webhookUrl).success) {
      throw new AppError('invalid_input', 'The outgoing URL is not a web address.')
    }
    const settings = { ...rest, webhookUrl: webhookUrl || null }
    if (id) {
      if (!(await findSandboxChannel(deps.db, id))) throw new AppError('not_found', 'The sandbox has no such channel.')
      await updateSandboxChannel(deps.db, id, settings)
      return 'Saved.'
    }
    const created = {
      id: frontId('cha', deps.random),
      inboxId,
      type: 'custom',
      address: newAddress(deps.random),
      settings: {},
    }
    const channel = await insertSandboxChannel(deps.db, { ...settings, ...created })
    return `Created ${channel.id}.`
  })
  revalidatePath('/sandbox/channels')
  return state
}

const autoReplyForm = z.object({
  id: z.string().max(60),
  autoReplies: z.coerce.number().int().min(0).max(MOST_AUTO_REPLIES),
})

/** How many rules answer each customer of an application channel. */
export async function setAutoRepliesAction(_previous: FormState, form: FormData): Promise<FormState> {
  const deps = await sandboxDeps()
  await requireUser('support')
  const state = await attempt(form, async () => {
    const { id, autoReplies } = parseForm(autoReplyForm, form)
    await updateSandboxChannel(deps.db, id, { autoReplies })
    return 'Saved.'
  })
  revalidatePath('/sandbox', 'layout')
  return state
}

const deleteForm = z.object({ id: z.string().max(60), form: z.enum(DELETE_FORMS) })

/** Deletes an application channel, which its app is told in the form that was chosen. */
export async function deleteChannelAction(_previous: ConfirmState | null, form: FormData): Promise<ConfirmState> {
  const deps = await sandboxDeps()
  await requireUser('support')
  let refusal: string | null = null
  const state = await attempt(form, async () => {
    const { id, form: how } = parseForm(deleteForm, form)
    refusal = await deleteAppChannel(deps, { channelId: id, form: how })
    return undefined
  })
  revalidatePath('/sandbox', 'layout')
  if (state.error) return { ok: false, message: state.error }
  return { ok: true, message: refusal ? `Deleted. The app did not take it: ${refusal}` : 'Deleted.' }
}
