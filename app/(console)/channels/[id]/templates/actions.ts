'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { findTemplate } from '#db/queries/templates'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { patchTemplate } from '#lib/flows/patch-template'
import { saveTemplate } from '#lib/flows/save-template'
import { template } from '#lib/templates/fields'
import type { ConfirmState } from '#ui/confirm-dialog'
import { carrySoon } from '../../../_parts/carry-soon'
import { done, type FormState, refuse, refuseError } from '../../_parts/form-state'
import { channelForm, decide } from '../decide'
import { readTemplateForm, templateProblems } from './template-form-fields'

const switchForm = channelForm.extend({ externalId: z.string().min(1).max(200), off: z.enum(['yes', 'no']) })

export async function saveTemplateAction(_previous: FormState | null, form: FormData): Promise<FormState> {
  const user = await requireUser('admin')
  const place = channelForm.safeParse(Object.fromEntries(form))
  if (!place.success) return refuse('There is no such channel.', form)
  const { channelId } = place.data
  const parsed = template.safeParse(readTemplateForm(form))
  if (!parsed.success) return refuse('Some fields need another look.', form, templateProblems(parsed.error))
  const isNew = form.get('isNew') === 'on'
  const externalId = parsed.data.external_id
  if (isNew && (await findTemplate(db(), { channelId, externalId }))) {
    return refuse('Some fields need another look.', form, { external_id: 'A template with this id is there already.' })
  }
  let savedId: string
  let message: string
  try {
    const saved = await saveTemplate(db(), { channelId, template: parsed.data, actor: user.email, now: new Date() })
    carrySoon()
    savedId = saved.template.id
    message = saved.changed ? 'Saved. Front is being told.' : 'Nothing had changed.'
  } catch (error) {
    return refuseError(error, form)
  }
  revalidatePath('/channels', 'layout')
  if (isNew) redirect(`/channels/${channelId}/templates/${savedId}`)
  return done(message, form)
}

export async function switchTemplateAction(_previous: ConfirmState | null, form: FormData): Promise<ConfirmState> {
  return decide({ role: 'admin', schema: switchForm, form }, async ({ channelId, externalId, off }, { actor, now }) => {
    await patchTemplate(db(), { channelId, externalId, change: { is_disabled: off === 'yes' }, actor, now })
    return off === 'yes' ? 'Off. Front is being told.' : 'On again. Front is being told.'
  })
}
