import type { Door } from '#db/queries/intake'
import type { Direction } from '#db/schema/targets'
import type { EndpointDeps } from '#lib/endpoints/deps'
import { findDoor } from '#lib/endpoints/find-door'
import { type Keep, keepCall, keepRefusal, slowStrangersDown } from '#lib/endpoints/keep-call'
import { describeSignatureFault } from '#lib/endpoints/signature-words'
import { AppError } from '#lib/errors'
import { openBody, type RequestBody } from '#lib/http/read-body'
import { respond } from '#lib/http/respond'

export type Call = {
  door: Door
  body: RequestBody
  /** Keeps this call in the log of requests. */
  keep: Keep
}

type Visit = { request: Request; channelKey: string; direction: Direction; deps: EndpointDeps }

/**
 * Every call to a channel's public address: finds the channel, does the work, and keeps whatever it refused with the
 * reason. Somebody who keeps coming with wrong keys is only told to wait.
 */
export function atTheDoor(visit: Visit, work: (call: Call) => Promise<Response>): Promise<Response> {
  const { request, channelKey, direction, deps } = visit
  const startedAt = deps.now()
  return respond(`${direction}:${request.method}`, async () => {
    const door = await findDoor(deps.db, { channelKey, now: startedAt })
    if (!door) throw new AppError('not_found', 'There is no channel at this address.')
    const body = openBody(request)
    const place = { channelId: door.id, appId: null, direction }
    const keep: Keep = (verdict) => keepCall({ request, body, deps, startedAt, place }, verdict)
    try {
      return await work({ door, body, keep })
    } catch (error) {
      await slowStrangersDown({ request, deps, id: door.id }, error)
      const fault = describeSignatureFault(error)
      await keepRefusal(keep, error, fault === null ? {} : { message: fault })
      throw error
    } finally {
      await body.close()
    }
  })
}
