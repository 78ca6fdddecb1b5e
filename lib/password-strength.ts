import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'

export const MIN_PASSWORD_LENGTH = 12
export const MAX_PASSWORD_LENGTH = 200
const MIN_SCORE = 3
const MIN_REST = 6

const ADVICE = 'Three or four unrelated words make a good one.'

const WARNINGS: Record<string, string> = {
  straightRow: 'A row of keys is easy to guess.',
  keyPattern: 'A pattern on the keyboard is easy to guess.',
  simpleRepeat: 'Repeated characters are easy to guess.',
  extendedRepeat: 'A repeated pattern is easy to guess.',
  sequences: 'A sequence such as “abcd” or “6543” is easy to guess.',
  recentYears: 'A year is easy to guess.',
  dates: 'A date is easy to guess.',
  topTen: 'This is one of the most used passwords there are.',
  topHundred: 'This is one of the most used passwords there are.',
  common: 'This is a much used password.',
  similarToCommon: 'This is close to a much used password.',
  wordByItself: 'A single word is easy to guess.',
  namesByThemselves: 'A name is easy to guess.',
  commonNames: 'A common name is easy to guess.',
  userInputs: 'It is too close to your name, e-mail or company.',
}

let estimator: ZxcvbnFactory | undefined

/**
 * What is wrong with a new password, in a sentence; null when it is strong enough.
 * @param related what an attacker would try first: e-mail, name, company
 */
export function passwordFault(password: string, related: string[] = []): string | null {
  if (password.length < MIN_PASSWORD_LENGTH) return `Use at least ${MIN_PASSWORD_LENGTH} characters. ${ADVICE}`
  if (password.length > MAX_PASSWORD_LENGTH) return `Use at most ${MAX_PASSWORD_LENGTH} characters.`
  // Kept because the dictionaries take some 30 ms and a few megabytes to lay out.
  estimator ??= new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })
  const parts = related.flatMap(withParts)
  const { score, feedback } = estimator.check(password, parts)
  if (score < MIN_SCORE) return `${WARNINGS[feedback.warning ?? ''] ?? 'This password is too easy to guess.'} ${ADVICE}`
  // The estimator takes two related words in a row for strong.
  return restWithout(password, parts).length < MIN_REST ? `${WARNINGS.userInputs} ${ADVICE}` : null
}

function restWithout(password: string, parts: string[]): string {
  const longestFirst = parts.map((part) => part.toLowerCase()).sort((a, b) => b.length - a.length)
  return longestFirst.reduce((rest, part) => rest.replaceAll(part, ''), password.toLowerCase())
}

/** `ada@example.com` also counts as `ada` and `example`. */
function withParts(text: string): string[] {
  return [text, ...text.split(/[^\p{L}\p{N}]+/u)].filter((part) => part.length > 2)
}
