'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { getChannel } from '#db/queries/channels'
import { findCompany } from '#db/queries/companies'
import { requireUser } from '#lib/auth'
import { channelAddresses } from '#lib/channels/addresses'
import { channelBasics } from '#lib/channels/settings'
import { db } from '#lib/database'
import { env } from '#lib/env'
import { AppError } from '#lib/errors'
import { connectChannel, frontChannelId } from '#lib/flows/connect-channel'
import { type CreatedChannel, createChannelInFront } from '#lib/flows/create-channel-in-front'
import { keyring } from '#lib/keyring'
import { type FormState, refuseError, refuseFields } from '../_parts/form-state'
import { checkUrlHere, frontOf } from '../_parts/surroundings'
import { inboxChoice, type PreparedForFront, prepareChannel } from './prepare'

/** The keys are in it this once. */
export type ConnectedChannel = {
  id: string
  name: string
  way: 'create' | 'connect'
  finished: boolean
  checked: boolean
  receiveOnly: boolean
  incomingKey: string
  signingSecret: string
  addresses: { incoming: string; outgoing: string }
}
export type NewChannelState =
  | { failed: FormState }
  | { connected: ConnectedChannel }
  | { prepared: PreparedForFront }
  | null

const newChannelForm = z.object({
  companyId: z.uuid('Choose a company.'),
  way: z.enum(['create', 'connect'], 'Choose a way.'),
  threading: z.enum(['sender', 'provider'], 'Choose how messages are sorted.'),
})
const idChoice = z.object({ frontChannelId })

export async function connectAction(_previous: NewChannelState, form: FormData): Promise<NewChannelState> {
  const user = await requireUser('admin')
  const fields = Object.fromEntries(form)
  if (fields.way === 'application') return prepareChannel(form, user.email)
  const start = newChannelForm.safeParse(fields)
  if (!start.success) return { failed: refuseFields(start.error, form) }
  const place = (start.data.way === 'create' ? inboxChoice : idChoice).safeParse(fields)
  const basics = channelBasics.safeParse(fields)
  const faults = [...(place.error?.issues ?? []), ...(basics.error?.issues ?? [])]
  if (faults.length > 0 || !basics.success) return { failed: refuseFields(new z.ZodError(faults), form) }
  try {
    if (basics.data.providerUrl) await checkUrlHere(basics.data.providerUrl)
    const connected = await connect({ ...start.data, fields, basics: basics.data, actor: user.email })
    revalidatePath('/channels', 'layout')
    return { connected }
  } catch (error) {
    return { failed: refuseError(error, form) }
  }
}

type Connecting = z.infer<typeof newChannelForm> & {
  fields: Record<string, FormDataEntryValue>
  basics: z.infer<typeof channelBasics>
  actor: string
}

async function connect({ companyId, way, threading, fields, basics, actor }: Connecting): Promise<ConnectedChannel> {
  const company = await findCompany(db(), companyId)
  if (!company) throw new AppError('not_found', 'There is no such company.')
  const publicUrl = env().PUBLIC_URL
  const common = {
    basics: { ...basics, companyId, threading: { type: threading } },
    actor,
    keys: keyring(),
    now: new Date(),
  }
  const front = company.apiTokenSealed ? frontOf(company) : null
  const opened: CreatedChannel =
    way === 'create'
      ? await createChannelInFront(db(), {
          ...common,
          ...inboxChoice.parse(fields),
          front: frontOf(company),
          publicUrl,
        })
      : { ...(await connectChannel(db(), { ...common, ...idChoice.parse(fields), front })), finished: true }
  const { channel, finished, incomingKey, signingSecret } = opened
  return {
    id: channel.id,
    name: channel.name,
    way,
    finished,
    checked: front !== null,
    receiveOnly: channel.receiveOnly,
    incomingKey,
    signingSecret,
    addresses: channelAddresses({ publicUrl, channelKey: channel.key }),
  }
}

export type Inboxes = { inboxes: { id: string; name: string }[] } | { problem: string }

/** The live list of a company's inboxes, by name. */
export async function listInboxesAction(companyId: string): Promise<Inboxes> {
  await requireUser('admin')
  const id = z.uuid().safeParse(companyId)
  const company = id.success ? await findCompany(db(), id.data) : null
  if (!company) return { problem: 'There is no such company.' }
  try {
    const inboxes = await frontOf(company).listInboxes()
    const named = inboxes.map((inbox) => ({ id: inbox.id, name: inbox.name || inbox.id }))
    return { inboxes: named.sort((a, b) => a.name.localeCompare(b.name, 'en')) }
  } catch (error) {
    if (error instanceof AppError) return { problem: error.message }
    throw error
  }
}

/** Whether Front has connected an application channel by now. */
export async function isConnectedAction(channelId: string): Promise<boolean> {
  await requireUser('admin')
  const id = z.uuid().safeParse(channelId)
  const channel = id.success ? await getChannel(db(), id.data) : null
  return channel?.connectedAt != null
}
