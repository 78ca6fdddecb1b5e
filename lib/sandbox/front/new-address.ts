import { frontId } from '#lib/sandbox/identity'

/** The random address of a channel that nobody gave one. */
export function newAddress(random: () => number): string {
  return `${frontId('c', random).slice(2)}@custom.sandbox.example`
}
