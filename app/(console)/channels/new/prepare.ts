import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { type App, getApp } from '#db/queries/apps'
import { findCompany } from '#db/queries/companies'
import type { AuthMethod } from '#db/schema/apps'
import { channelAddresses } from '#lib/channels/addresses'
import type { ConnectKey } from '#lib/channels/app-credentials'
import { channelBasics } from '#lib/channels/settings'
import { db } from '#lib/database'
import { env } from '#lib/env'
import { AppError } from '#lib/errors'
import { createApplicationChannel, prepareApplicationChannel } from '#lib/flows/prepare-application-channel'
import { keyring } from '#lib/keyring'
import { type FormState, refuseError, refuseFields } from '../_parts/form-state'
import { checkUrlHere, frontOf } from '../_parts/surroundings'

/** The keys are in it this once. `made`: whether Front made the channel; null when a person makes it there. */
export type PreparedForFront = {
  id: string
  name: string
  app: { id: string; name: string; authMethod: AuthMethod }
  made: 'yes' | 'unclear' | null
  connectKey: ConnectKey | null
  incomingKey: string
  signingSecret: string
  incomingUrl: string
}

export const inboxChoice = z.object({
  inboxId: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9_]{1,60}$/, 'Choose an inbox.'),
})

const applicationForm = z.object({
  appId: z.uuid('Choose an app.'),
  appWay: z.enum(['create', 'by_hand'], 'Choose how it comes to be in Front.'),
  threading: z.enum(['sender', 'provider'], 'Choose how messages are sorted.'),
})

/** The wizard's end for an application channel: prepares it and, if asked, has Front make it. */
export async function prepareChannel(
  form: FormData,
  actor: string,
): Promise<{ failed: FormState } | { prepared: PreparedForFront }> {
  const fields = Object.fromEntries(form)
  const start = applicationForm.safeParse(fields)
  const basics = channelBasics.safeParse(fields)
  const place = fields.appWay === 'create' ? inboxChoice.safeParse(fields) : null
  const faults = [start, basics, place].flatMap((parsed) => parsed?.error?.issues ?? [])
  if (!start.success || !basics.success || faults.length > 0) {
    return { failed: refuseFields(new z.ZodError(faults), form) }
  }
  try {
    if (basics.data.providerUrl) await checkUrlHere(basics.data.providerUrl)
    const threading = { type: start.data.threading }
    const inboxId = place?.data?.inboxId ?? null
    const prepared = await prepare({ appId: start.data.appId, basics: { ...basics.data, threading }, inboxId, actor })
    revalidatePath('/channels', 'layout')
    return { prepared }
  } catch (error) {
    return { failed: refuseError(error, form) }
  }
}

type Preparing = {
  appId: string
  basics: Parameters<typeof prepareApplicationChannel>[1]['basics']
  inboxId: string | null
  actor: string
}

async function prepare({ appId, basics, inboxId, actor }: Preparing): Promise<PreparedForFront> {
  const common = { appId, basics, actor, keys: keyring(), now: new Date() }
  const made =
    inboxId === null
      ? { ...(await prepareApplicationChannel(db(), { ...common, frontInboxId: null })), created: null }
      : await createApplicationChannel(db(), { ...common, frontInboxId: inboxId, front: await frontOfApp(appId) })
  const { channel, app, created, connectKey, incomingKey, signingSecret } = made
  return {
    id: channel.id,
    name: channel.name,
    app: { id: app.id, name: app.name, authMethod: app.authMethod },
    made: created === null ? null : created ? 'yes' : 'unclear',
    // Front has it already: showing it would only spread it.
    connectKey: created === true ? null : connectKey,
    incomingKey,
    signingSecret,
    incomingUrl: channelAddresses({ publicUrl: env().PUBLIC_URL, channelKey: channel.key }).incoming,
  }
}

async function frontOfApp(appId: string) {
  const app: App | null = await getApp(db(), appId)
  const company = app && (await findCompany(db(), app.companyId))
  if (!company) throw new AppError('not_found', 'There is no such app.')
  return frontOf(company)
}
