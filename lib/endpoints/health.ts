import { findInstallation } from '#db/queries/installation'
import { newestMigration } from '#db/queries/migrations'
import type { EndpointDeps } from '#lib/endpoints/deps'
import { isDatabaseOutage } from '#lib/http/failures'
import { unseal } from '#lib/secrets'
import journal from '../../db/migrations/meta/_journal.json' with { type: 'json' }

type Check = 'ok' | 'failed' | 'unknown'

/** `GET /api/health`: 200 when this process can do its work, else 503. Tells which part is missing and nothing more. */
export async function healthEndpoint(_request: Request, deps: EndpointDeps): Promise<Response> {
  const migrations = await checkMigrations(deps)
  const key = migrations === 'ok' ? await checkKey(deps) : 'unknown'
  const database: Check = migrations === 'unknown' ? 'failed' : 'ok'
  const ok = database === 'ok' && migrations === 'ok' && key === 'ok'
  return Response.json(
    { status: ok ? 'ok' : 'failed', checks: { database, migrations, key } },
    { status: ok ? 200 : 503, headers: { 'cache-control': 'no-store' } },
  )
}

async function checkMigrations({ db }: EndpointDeps): Promise<Check> {
  try {
    const needed = Math.max(...journal.entries.map((entry) => entry.when))
    return (await newestMigration(db)) >= needed ? 'ok' : 'failed'
  } catch (error) {
    return isDatabaseOutage(error) ? 'unknown' : 'failed'
  }
}

async function checkKey({ db, keys }: EndpointDeps): Promise<Check> {
  try {
    const known = await findInstallation(db)
    if (known) unseal(known.keyCheck, keys)
    return 'ok'
  } catch (error) {
    return isDatabaseOutage(error) ? 'unknown' : 'failed'
  }
}
