import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { z } from 'zod'
import type { ErrorDetail } from '#lib/errors'

export type ContactType = 'custom' | 'email' | 'phone'

export type HandleCheck = { ok: true; handle: string } | { ok: false; error: ErrorDetail }

type HandleInput = {
  handle: string
  contactType: ContactType
  /** ISO 3166 letters of the country that a number without `+` belongs to; null refuses such numbers. */
  defaultCountry?: string | null
  /** The field to name when it is wrong. */
  path?: string
}

const emailAddress = z.email().max(254)

/**
 * Checks a customer's handle against the channel's contact type and makes it uniform: phone numbers E.164, e-mail
 * addresses lower case, so that one person is one conversation. Front itself would turn a number without a country
 * code into an American one (T8).
 */
export function checkHandle({ handle, contactType, defaultCountry, path = 'sender.handle' }: HandleInput): HandleCheck {
  const trimmed = handle.trim()
  const refuse = (message: string): HandleCheck => ({ ok: false, error: { path, message } })
  if (trimmed === '') return refuse('is empty')
  if (contactType === 'email') {
    const parsed = emailAddress.safeParse(trimmed)
    return parsed.success ? { ok: true, handle: parsed.data.toLowerCase() } : refuse('is not an e-mail address')
  }
  if (contactType === 'phone') return checkPhone(trimmed, defaultCountry ?? null, refuse)
  return trimmed.length <= 500 ? { ok: true, handle: trimmed } : refuse('is longer than 500 characters')
}

/** Whether a text is a country that `checkHandle` knows, such as `FR`. */
export function isKnownCountry(country: string): boolean {
  return isSupportedCountry(country)
}

function checkPhone(text: string, country: string | null, refuse: (message: string) => HandleCheck): HandleCheck {
  const number = text.replace(/^tel:/i, '')
  const parsed = parsePhoneNumberFromString(number, country && isSupportedCountry(country) ? country : undefined)
  // 00 is what much of the world dials for +, but not everywhere: only + is certain.
  if (!parsed && !number.includes('+') && country === null) {
    return refuse(
      'is a phone number without a country code: write it like +33612345678, or set a country for the channel',
    )
  }
  if (!parsed?.isPossible()) return refuse('is not a phone number')
  if (parsed.ext) return refuse('is a phone number with an extension, which no message can reach')
  return { ok: true, handle: parsed.number }
}
