import { expect, test } from 'vitest'
import { type ContactType, checkHandle, isKnownCountry } from '#lib/provider/handles'

type Case = [ContactType, string, string, string?]

const accepted: Case[] = [
  ['custom', ' visitor-42 ', 'visitor-42'],
  ['custom', '0612345678', '0612345678'],
  ['email', ' Ada.Lovelace@Example.COM ', 'ada.lovelace@example.com'],
  ['phone', '+33612345678', '+33612345678'],
  ['phone', '+33 (0)6 12 34 56 78', '+33612345678'],
  ['phone', '06 12 34 56 78', '+33612345678', 'FR'],
  ['phone', '(415) 555-2671', '+14155552671', 'US'],
  ['phone', '+44 20 7946 0958', '+442079460958', 'FR'],
  ['phone', '(+33) 6 12 34 56 78', '+33612345678'],
  ['phone', 'tel:+1-415-555-2671', '+14155552671'],
]

for (const [contactType, handle, expected, defaultCountry] of accepted) {
  test(`${contactType} takes ${handle}${defaultCountry ? ` in ${defaultCountry}` : ''}`, () => {
    expect(checkHandle({ handle, contactType, defaultCountry })).toEqual({ ok: true, handle: expected })
  })
}

const refused: [ContactType, string, RegExp, string?][] = [
  ['custom', '  ', /is empty/],
  ['custom', 'x'.repeat(501), /longer than 500/],
  ['email', 'ada', /not an e-mail address/],
  ['email', 'ada@localhost', /not an e-mail address/],
  ['email', 'a@b.example, c@d.example', /not an e-mail address/],
  ['phone', '0612345678', /without a country code/],
  ['phone', '4155552671', /without a country code/],
  ['phone', '0033612345678', /without a country code/],
  ['phone', '+33', /not a phone number/],
  ['phone', '+999123456789', /not a phone number/],
  ['phone', '+1415555267100000', /not a phone number/],
  ['phone', 'ada', /not a phone number/, 'FR'],
  ['phone', '+14155552671 ext. 5', /extension/],
]

for (const [contactType, handle, why, defaultCountry] of refused) {
  test(`${contactType} refuses ${handle.slice(0, 30)} and says why`, () => {
    expect(checkHandle({ handle, contactType, defaultCountry })).toEqual({
      ok: false,
      error: { path: 'sender.handle', message: expect.stringMatching(why) },
    })
  })
}

test('a country is known or not', () => {
  expect(isKnownCountry('FR')).toBe(true)
  expect(isKnownCountry('XX')).toBe(false)
})
