import { expect, test } from 'vitest'
import { buildEnvelope } from '#lib/provider/envelope'

const input = {
  id: 'm-1',
  createdAt: new Date('2026-11-21T12:00:00Z'),
  channel: { key: 'k', name: 'Chat', front_id: 'cha_1' },
  conversation: { key: 'ada', reference: null, provider_key: null, front_id: 'cnv_1' },
  message: {
    body: '<p>Hi</p>',
    text: 'Hi',
    subject: null,
    author: { id: 'tea_1', name: 'Leela', email: null },
    recipients: [{ handle: 'ada', name: null, role: 'to' }],
    to: 'ada',
    front_id: 'msg_1',
    front_uid: null,
    in_reply_to: null,
  },
  attachments: [
    {
      filename: 'a.png',
      contentType: 'image/png',
      size: 5,
      url: 'https://us.example/f',
      expiresAt: new Date('2026-11-22T12:00:00Z'),
      fileId: 'internal',
    },
  ],
  isTest: false,
}

test('a provider gets the message, whose it is and where its files are, in plain JSON', () => {
  const { createdAt: _createdAt, attachments: _attachments, isTest: _isTest, ...same } = input
  expect(JSON.parse(JSON.stringify(buildEnvelope(input)))).toEqual({
    ...same,
    type: 'message',
    created_at: '2026-11-21T12:00:00.000Z',
    attachments: [
      {
        filename: 'a.png',
        content_type: 'image/png',
        size: 5,
        url: 'https://us.example/f',
        expires_at: '2026-11-22T12:00:00.000Z',
      },
    ],
  })
})

test('a test is marked as one, and nothing else is', () => {
  expect(buildEnvelope({ ...input, isTest: true }).test).toBe(true)
  expect(buildEnvelope(input)).not.toHaveProperty('test')
})
