import { env } from '#lib/env'
import { respond } from '#lib/http/respond'
import type { SandboxDeps } from '#lib/sandbox/deps'
import { sandboxDeps } from './deps'

/** Runs one of the sandbox's endpoints for machines; where the sandbox is off there is nothing. */
export function mount(where: string, answer: (deps: SandboxDeps) => Promise<Response>): Promise<Response> {
  if (env().SANDBOX === 'off') return Promise.resolve(new Response('Not found', { status: 404 }))
  return respond(where, async () => answer(await sandboxDeps()))
}
