'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { AppError } from '#lib/errors'
import { storableText } from '#lib/http/storable'
import { writeAgain, writeAsVisitor } from '#lib/sandbox/chat'
import { frontId } from '#lib/sandbox/identity'
import { readText, readUpload } from '#lib/sandbox/uploads'
import { sandboxDeps } from '../../_parts/deps'
import { attempt, type FormState } from '../../_parts/form-state'
import { currentVisitor, forgetVisitor, rememberVisitor } from './visitor'

const channelKey = z.string().min(1).max(100)
const MAX_NAME = 80

export async function enterAction(_previous: FormState, form: FormData): Promise<FormState> {
  const { publicUrl, random } = await sandboxDeps()
  return attempt(form, async () => {
    const name = storableText(String(form.get('name') ?? ''))
      .trim()
      .slice(0, MAX_NAME)
    if (name === '') throw new AppError('invalid_input', 'Give a name.')
    const handle = `visitor-${frontId('v', random).slice(2)}`
    await rememberVisitor({ handle, name }, publicUrl.startsWith('https:'))
    return undefined
  })
}

export async function leaveAction(): Promise<void> {
  await sandboxDeps()
  await forgetVisitor()
}

/** The visitor writes; this server, as the provider's, brings it to Patchbay. */
export async function writeAction(_previous: FormState, form: FormData): Promise<FormState> {
  const deps = await sandboxDeps()
  const key = channelKey.parse(form.get('channelKey'))
  const state = await attempt(form, async () => {
    const visitor = await currentVisitor()
    if (!visitor) throw new AppError('forbidden', 'Give a name first.')
    const files = await readUpload(form.get('file'))
    await writeAsVisitor(deps, { channelKey: key, visitor, text: readText(form.get('text'), files), files })
    return undefined
  })
  revalidatePath(`/sandbox/chat/${key}`)
  return state
}

export async function writeAgainAction(_previous: FormState, form: FormData): Promise<FormState> {
  const deps = await sandboxDeps()
  const key = channelKey.parse(form.get('channelKey'))
  const state = await attempt(form, async () => {
    const visitor = await currentVisitor()
    if (!visitor) throw new AppError('forbidden', 'Give a name first.')
    await writeAgain(deps, { channelKey: key, visitor: visitor.handle, lineId: z.uuid().parse(form.get('lineId')) })
    return undefined
  })
  revalidatePath(`/sandbox/chat/${key}`)
  return state
}
