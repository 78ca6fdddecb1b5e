import { describe, expect, test } from 'vitest'
import { acceptedMessage, frontChannel, frontIdentity, frontInbox, frontMessage, listOf } from '#lib/front/schemas'
import { findSpecs, responseValidator, type SpecFile } from '#tests/contract/openapi'
import { answers } from '#tests/contract/recorded-answers'

const specs = findSpecs()

type Reading = { spec: [SpecFile, string, string]; schema: { parse: (value: unknown) => unknown }; answer: unknown }
const readings: Record<string, Reading> = {
  'an accepted message': {
    spec: ['core', 'receive-custom-messages', '202'],
    schema: acceptedMessage,
    answer: answers.accepted,
  },
  'a message': { spec: ['core', 'get-message', '200'], schema: frontMessage, answer: answers.message },
  'a message full of nulls': {
    spec: ['core', 'get-message', '200'],
    schema: frontMessage,
    answer: answers.sparseMessage,
  },
  'a list of channels': {
    spec: ['core', 'list-channels', '200'],
    schema: listOf(frontChannel),
    answer: answers.channels,
  },
  'a list of inboxes': { spec: ['core', 'list-inboxes', '200'], schema: listOf(frontInbox), answer: answers.inboxes },
  'who we are': { spec: ['core', 'api-token-details', '200'], schema: frontIdentity, answer: answers.identity },
}

describe('what Front answers', () => {
  for (const [what, { spec, schema, answer }] of Object.entries(readings)) {
    test(`we can read ${what}`, () => {
      expect(() => schema.parse(answer)).not.toThrow()
    })

    test.skipIf(!specs.found)(`${what} in our tests is one that Front’s specification allows`, () => {
      const validate = responseValidator(...spec)
      validate(answer)
      expect(validate.errors ?? []).toEqual([])
    })
  }

  test.skipIf(!specs.found)('the lenient check still refuses what is plainly something else', () => {
    const validate = responseValidator('core', 'get-message', '200')
    expect(validate({ ...answers.message, created_at: 'yesterday' })).toBe(false)
    expect(validate({ ...answers.message, recipients: 'everybody' })).toBe(false)
  })
})
