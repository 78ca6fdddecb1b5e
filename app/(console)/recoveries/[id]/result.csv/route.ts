import { z } from 'zod'
import { getRecovery } from '#db/queries/recoveries'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { fileHeaders } from '#lib/endpoints/download-file'
import { AppError } from '#lib/errors'
import { respond } from '#lib/http/respond'
import { resultCsv } from '#lib/recovery/result-csv'

type Context = { params: Promise<{ id: string }> }

/** What became of every message of a recovery, to save. Streamed, so its length is not known before. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  await requireUser('viewer')
  const id = z.uuid().safeParse((await params).id)
  return respond('console:recovery-result', async () => {
    const recovery = id.success ? await getRecovery(db(), id.data) : null
    if (!recovery) throw new AppError('not_found', 'There is no such recovery.')
    const filename = `recovery-${recovery.createdAt.toISOString().slice(0, 10)}-${recovery.id.slice(-6)}.csv`
    const headers = fileHeaders({ filename, contentType: 'text/csv' }, null)
    headers.set('content-type', 'text/csv; charset=utf-8')
    return new Response(resultCsv(db(), recovery.id), { headers })
  })
}
