'use server'

import { lookup } from 'node:dns/promises'
import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { requireUser } from '#lib/auth'
import { checkProviderUrl } from '#lib/channels/check-provider-url'
import { db } from '#lib/database'
import { env } from '#lib/env'
import {
  type AlertPlace,
  addAlertDestination,
  changeAlertDestination,
  removeAlertDestination,
  rotateAlertSecret,
  switchAlertDestination,
} from '#lib/flows/alert-destinations'
import { OVERLAPS_H, type Overlap } from '#lib/flows/rotate-key'
import { sendTestAlert } from '#lib/flows/test-alert'
import { readAlertPlace, readAlertWishes } from '#lib/forms/alert-destination'
import { attempt, type FormState, invalidForm, refusal } from '#lib/forms/form-state'
import { outboundGuard } from '#lib/http/outbound'
import { keyring } from '#lib/keyring'
import { carrySoon } from '../../_parts/carry-soon'

/** `secret` signs a webhook's events and is in it this once. `at` changes with every answer. */
export type AlertState = FormState & { id?: string; secret?: string; at?: number }

const one = z.object({ id: z.uuid('There is no such destination.') })
const switched = one.extend({ on: z.enum(['yes', 'no']) })
const rotation = one.extend({
  overlap: z.custom<Overlap>((value) => typeof value === 'string' && Object.hasOwn(OVERLAPS_H, value)),
})

export async function addDestinationAction(_previous: AlertState | null, form: FormData): Promise<AlertState> {
  const { email: actor } = await requireUser('admin')
  const wishes = readAlertWishes(form)
  if (!wishes.success) return invalidForm(wishes.error)
  const place = readAlertPlace(form)
  if (!place.success) return invalidForm(place.error)
  if (!place.data.place) return missing(place.data.field)
  let made: { id: string; secret: string | null }
  try {
    await checkPlace(place.data.place, place.data.field)
    const input = { wishes: wishes.data, place: place.data.place, actor, keys: keyring(), now: new Date() }
    made = await addAlertDestination(db(), input)
  } catch (error) {
    return refusal(error)
  }
  revalidatePath('/settings/alerts', 'layout')
  const { id, secret } = made
  if (secret) return { ok: true, message: 'Added.', id, secret }
  redirect(`/settings/alerts/${id}`)
}

export async function changeDestinationAction(_previous: AlertState | null, form: FormData): Promise<AlertState> {
  const { email: actor } = await requireUser('admin')
  const target = one.safeParse(Object.fromEntries(form))
  if (!target.success) return invalidForm(target.error)
  const wishes = readAlertWishes(form)
  if (!wishes.success) return invalidForm(wishes.error)
  const place = readAlertPlace(form)
  if (!place.success) return invalidForm(place.error)
  try {
    if (place.data.place) await checkPlace(place.data.place, place.data.field)
    const given = { wishes: wishes.data, place: place.data.place, actor, keys: keyring(), now: new Date() }
    await changeAlertDestination(db(), { id: target.data.id, ...given })
  } catch (error) {
    return refusal(error)
  }
  if (place.data.place) carrySoon()
  revalidatePath('/settings/alerts', 'layout')
  return { ok: true, message: 'Saved.', at: Date.now() }
}

export async function switchDestinationAction(_previous: FormState | null, form: FormData): Promise<FormState> {
  const { email: actor } = await requireUser('admin')
  const input = switched.safeParse(Object.fromEntries(form))
  if (!input.success) return invalidForm(input.error)
  const on = input.data.on === 'yes'
  const state = await attempt(on ? 'Switched on.' : 'Switched off. Nothing more is told here.', () =>
    switchAlertDestination(db(), { id: input.data.id, on, actor, now: new Date() }),
  )
  revalidatePath('/settings/alerts', 'layout')
  return state
}

export async function removeDestinationAction(_previous: FormState | null, form: FormData): Promise<FormState> {
  const { email: actor } = await requireUser('admin')
  const input = one.safeParse(Object.fromEntries(form))
  if (!input.success) return invalidForm(input.error)
  const state = await attempt('Removed.', () =>
    removeAlertDestination(db(), { id: input.data.id, actor, now: new Date() }),
  )
  if (!state.ok) return state
  revalidatePath('/settings/alerts', 'layout')
  redirect('/settings/alerts')
}

export async function rotateSecretAction(_previous: AlertState | null, form: FormData): Promise<AlertState> {
  const { email: actor } = await requireUser('admin')
  const input = rotation.safeParse(Object.fromEntries(form))
  if (!input.success) return { ok: false, message: 'Choose how long the present secret goes on working.' }
  try {
    const now = new Date()
    const { secret } = await rotateAlertSecret(db(), { ...input.data, actor, keys: keyring(), now })
    return { ok: true, secret, at: now.getTime() }
  } catch (error) {
    return refusal(error)
  }
}

export async function testDestinationAction(_previous: FormState | null, form: FormData): Promise<FormState> {
  const { email: actor } = await requireUser('admin')
  const input = one.safeParse(Object.fromEntries(form))
  if (!input.success) return invalidForm(input.error)
  const state = await attempt('On its way. What becomes of it shows below.', () =>
    sendTestAlert(db(), { destinationId: input.data.id, actor, publicUrl: env().PUBLIC_URL, now: new Date() }),
  )
  if (state.ok) carrySoon()
  revalidatePath('/settings/alerts', 'layout')
  return state
}

/** Says early what delivery would refuse anyway. */
async function checkPlace(place: AlertPlace, field: string): Promise<void> {
  if (place.kind === 'email') return
  const { policy } = outboundGuard()
  await checkProviderUrl(place.url, { policy, field, lookup: (hostname) => lookup(hostname, { all: true }) })
}

function missing(field: string): AlertState {
  const message = field === 'to' ? 'Give at least one e-mail address.' : 'Give the address.'
  return { ok: false, message, errors: { [field]: message } }
}
