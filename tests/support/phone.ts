import type { Database } from '#db/client'
import { findCall } from '#db/queries/calls'
import { listReports } from '#db/queries/reports'
import type { EndpointDeps } from '#lib/endpoints/deps'
import { callDoor, openApplicationDoor } from '#tests/support/door'
import type { Channel } from '#tests/support/factories'

type Door = { channel: Channel; bearer: string }

export const RING = {
  external_call_id: 'c-1',
  direction: 'inbound',
  initial_status: 'ringing',
  from: { handle: '06 12 34 56 78', name: 'Ada' },
}

/** A phone system, as it talks to its channel. */
export function phoneSystem(db: Database, deps: EndpointDeps) {
  const path = (id: string) => `calls/${encodeURIComponent(id)}`
  return {
    openPhone: () => openApplicationDoor(db, { contactType: 'phone', defaultCountry: 'FR' }),
    create: (door: Door, body: unknown) => callDoor(deps, door, { path: 'calls', body }),
    update: (door: Door, body: unknown, id = 'c-1') => callDoor(deps, door, { method: 'PATCH', path: path(id), body }),
    add: (door: Door, part: string, body: unknown, id = 'c-1') =>
      callDoor(deps, door, { path: `${path(id)}/${part}`, body }),
    show: (door: Door, id = 'c-1') => callDoor(deps, door, { method: 'GET', path: path(id) }),
    /** What Front is told of a call, oldest first. */
    async toldOf({ channel }: Door, externalId = 'c-1') {
      const call = await findCall(db, { channelId: channel.id, externalId })
      return call ? (await listReports(db, { subjectId: call.id })).toReversed() : []
    },
  }
}

export function soundForm(type: string, more: { sound?: string; mime?: string; field?: string } = {}): FormData {
  const form = new FormData()
  form.append('recording_type', type)
  const sound = new Blob([more.sound ?? 'sound'], { type: more.mime ?? 'audio/mpeg' })
  form.append(more.field ?? 'attachments', sound, 'call.mp3')
  return form
}
