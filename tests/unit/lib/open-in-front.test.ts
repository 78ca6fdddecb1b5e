import { expect, test } from 'vitest'
import { openInFrontUrl } from '#lib/open-in-front'

test('opens the message in Front, or at least its conversation', () => {
  const place = { isSandbox: false, frontConversationId: 'cnv_1' }
  expect(openInFrontUrl({ ...place, frontMessageId: 'msg_1' })).toBe('https://app.frontapp.com/open/msg_1')
  expect(openInFrontUrl({ ...place, frontMessageId: null })).toBe('https://app.frontapp.com/open/cnv_1')
})

test('leads nowhere while Front’s ids are not known', () => {
  expect(openInFrontUrl({ isSandbox: false })).toBeNull()
})

test('opens the sandbox’s inbox at the conversation', () => {
  expect(openInFrontUrl({ isSandbox: true, frontMessageId: 'msg_1', frontConversationId: 'cnv_1' })).toBe(
    '/sandbox/inbox?c=cnv_1',
  )
  expect(openInFrontUrl({ isSandbox: true })).toBe('/sandbox/inbox')
})
