'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { updateSandboxChannel } from '#db/queries/sandbox-channels'
import { setSandboxConversationStatus } from '#db/queries/sandbox-conversations'
import { requireUser } from '#lib/auth'
import { AppError } from '#lib/errors'
import { storableText } from '#lib/http/storable'
import { mergeAsTeammate } from '#lib/sandbox/apps/merge'
import { sendAgain } from '#lib/sandbox/send-to-channel'
import { composeAsTeammate, replyAsTeammate } from '#lib/sandbox/teammate'
import { readText, readUpload } from '#lib/sandbox/uploads'
import { sandboxDeps } from '../../_parts/deps'
import { attempt, type FormState, parseForm } from '../../_parts/form-state'

const id = z.string().min(1).max(60)
const replyForm = z.object({ conversationId: id, teammateId: id })
const composeForm = z.object({
  channelId: id,
  teammateId: id,
  handle: z.string().transform((text) => storableText(text).trim()),
})
const statusForm = z.object({ conversationId: id, status: z.enum(['unassigned', 'archived']) })

export async function replyAction(_previous: FormState, form: FormData): Promise<FormState> {
  const deps = await sandboxDeps()
  await requireUser('support')
  const state = await attempt(form, async () => {
    const files = await readUpload(form.get('file'))
    const text = readText(form.get('text'), files)
    await replyAsTeammate(deps, { ...replyForm.parse(Object.fromEntries(form)), text, files })
    return undefined
  })
  revalidatePath('/sandbox/inbox')
  return state
}

export async function composeAction(_previous: FormState, form: FormData): Promise<FormState> {
  const deps = await sandboxDeps()
  await requireUser('support')
  let conversationId = ''
  const state = await attempt(form, async () => {
    const input = composeForm.parse(Object.fromEntries(form))
    if (input.handle === '') throw new AppError('invalid_input', 'Say whom the message is for.')
    const files = await readUpload(form.get('file'))
    conversationId = await composeAsTeammate(deps, { ...input, text: readText(form.get('text'), files), files })
    return undefined
  })
  if (state.error) return state
  redirect(`/sandbox/inbox?c=${conversationId}`)
}

export async function sendAgainAction(form: FormData): Promise<void> {
  const deps = await sandboxDeps()
  await requireUser('support')
  await sendAgain(deps, id.parse(form.get('messageId')))
  revalidatePath('/sandbox/inbox')
}

export async function setStatusAction(form: FormData): Promise<void> {
  const deps = await sandboxDeps()
  await requireUser('support')
  const { conversationId, status } = statusForm.parse(Object.fromEntries(form))
  await setSandboxConversationStatus(deps.db, conversationId, status)
  revalidatePath('/sandbox/inbox')
}

/** Whether a rule answers each customer of the conversation's channel. */
export async function switchAutoReplyAction(form: FormData): Promise<void> {
  const deps = await sandboxDeps()
  await requireUser('support')
  const autoReplies = form.get('to') === 'on' ? 1 : 0
  await updateSandboxChannel(deps.db, id.parse(form.get('channelId')), { autoReplies })
  revalidatePath('/sandbox/inbox')
}

const mergeForm = z.object({ fromId: id, intoId: id })

export async function mergeAction(_previous: FormState, form: FormData): Promise<FormState> {
  const deps = await sandboxDeps()
  await requireUser('support')
  let intoId = ''
  const state = await attempt(form, async () => {
    const merging = parseForm(mergeForm, form)
    await mergeAsTeammate(deps, merging)
    intoId = merging.intoId
    return undefined
  })
  if (state.error) return state
  redirect(`/sandbox/inbox?c=${intoId}`)
}
