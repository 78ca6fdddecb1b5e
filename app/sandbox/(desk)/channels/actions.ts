'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { findSandboxChannel, insertSandboxChannel, updateSandboxChannel } from '#db/queries/sandbox-channels'
import { CONTACT_TYPES } from '#db/schema/channels'
import { REPLY_MODES } from '#db/schema/sandbox'
import { requireUser } from '#lib/auth'
import { AppError } from '#lib/errors'
import { storableText } from '#lib/http/storable'
import { newAddress } from '#lib/sandbox/front/new-address'
import { frontId, SANDBOX_INBOXES } from '#lib/sandbox/identity'
import { sandboxDeps } from '../../_parts/deps'
import { attempt, type FormState } from '../../_parts/form-state'

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
