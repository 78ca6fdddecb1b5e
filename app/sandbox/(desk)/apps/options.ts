import { AUTH_WORDS, SCOPE_WORDS, VARIANT_WORDS } from '#lib/sandbox/apps/app-words'
import type { Option } from '#ui/select-field'

export const AUTH_OPTIONS = optionsOf(AUTH_WORDS)
export const SCOPE_OPTIONS = optionsOf(SCOPE_WORDS)
export const VARIANT_OPTIONS = optionsOf(VARIANT_WORDS)

function optionsOf(words: Record<string, string>): Option[] {
  return Object.entries(words).map(([value, label]) => ({ value, label }))
}
