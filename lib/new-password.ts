/** No letters or digits that are mistaken for each other when read aloud. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'
const GROUPS = 4
const GROUP_LENGTH = 5

/**
 * A password to hand to somebody, such as `k7mwp-3hzqa-xv9dn-6tbfe`: 99 bits.
 * @param randomInt evenly distributed and unpredictable, from 0 to below its argument
 */
export function newPassword(randomInt: (below: number) => number): string {
  const letter = () => ALPHABET[randomInt(ALPHABET.length)]
  return Array.from({ length: GROUPS }, () => Array.from({ length: GROUP_LENGTH }, letter).join('')).join('-')
}
