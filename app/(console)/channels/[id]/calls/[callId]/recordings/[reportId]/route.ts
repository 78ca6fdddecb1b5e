import { z } from 'zod'
import { getRecording } from '#db/queries/calls'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { playRecording } from '#lib/endpoints/play-recording'
import { AppError } from '#lib/errors'
import { respond } from '#lib/http/respond'

const place = z.object({ id: z.uuid(), callId: z.uuid(), reportId: z.uuid() })

type Context = { params: Promise<{ id: string; callId: string; reportId: string }> }

/** A recording of a call, to listen to or to save, for whoever is signed in. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  await requireUser('viewer')
  const asked = place.safeParse(await params)
  return respond('console:recording', async () => {
    const file = asked.success ? await getRecording(db(), { ...asked.data, channelId: asked.data.id }) : null
    if (!file) throw new AppError('not_found', 'This recording is not kept any more.')
    return playRecording(request, file)
  })
}
