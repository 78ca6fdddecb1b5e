import type { SandboxSettings } from '#db/queries/sandbox-settings'
import type { SandboxDeps } from '#lib/sandbox/deps'
import type { Caller } from '#lib/sandbox/front/caller'

/** One authenticated call of the sandbox's API. */
export type FrontCall = {
  request: Request
  caller: Caller
  query: URLSearchParams
  /** Decoded path parameters in their order, such as the channel id. */
  params: string[]
  /** Where the API begins. */
  base: string
  deps: SandboxDeps
  settings: SandboxSettings
  /** Tells loudly what Front would ignore or change silently. */
  warn: (text: string) => void
}

export type FrontHandler = (call: FrontCall) => Promise<Response>

export function paramOf(call: FrontCall, position: number): string {
  return call.params[position] ?? ''
}
