import { startWorker } from '#lib/delivery/worker'
import { guardedAgent } from '#lib/http/guarded-agent'
import { sendHttp } from '#lib/http/send'
import { sealingKeys } from '#lib/secrets'

// A delivery worker in a process of its own, for tests that kill it: node worker-process.ts <database> <key> <lease ms>
const [, , url = '', key = '', leaseMs = ''] = process.argv
const guard = guardedAgent({ allowPrivate: true, allowedOrigins: [] })

await startWorker(
  url,
  {
    keys: sealingKeys(key, ''),
    publicUrl: 'https://patchbay.example',
    mail: null,
    transport: (request, limits) => sendHttp(request, { ...limits, guard }),
  },
  { leaseMs: Number(leaseMs) },
)
