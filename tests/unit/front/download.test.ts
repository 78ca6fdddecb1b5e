import { expect, test } from 'vitest'
import { downloadAttachment, type OpenAnswer } from '#lib/front/download'

type Reply = { status: number; headers?: Record<string, string>; text?: string }

/** Opens from a list of replies, and remembers what was asked and which bodies were given up. */
function opener(...replies: Reply[]) {
  const calls: { url: string; headers: Record<string, string> }[] = []
  let cancelled = 0
  const open = async (request: { url: string; headers: Record<string, string> }): Promise<OpenAnswer> => {
    calls.push(request)
    const { status, headers = {}, text = '' } = replies[Math.min(calls.length, replies.length) - 1] ?? { status: 500 }
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
      cancel: () => {
        cancelled += 1
      },
    })
    return { status, headers, body }
  }
  return { open, calls, cancelled: () => cancelled }
}

const access = { baseUrl: 'https://front.example', token: 'secret', messageId: 'msg_1', attachmentId: 'fil_1' }

test('a file is opened at Front with the token, its URL made from ids', async () => {
  const { open, calls } = opener({
    status: 200,
    headers: { 'content-type': 'image/png', 'content-length': '5' },
    text: 'bytes',
  })
  const { contentType, size, body } = await downloadAttachment({ ...access, open })
  expect([contentType, size]).toEqual(['image/png', 5])
  expect(new TextDecoder().decode((await body.getReader().read()).value)).toBe('bytes')
  expect(calls).toMatchObject([
    { url: 'https://front.example/messages/msg_1/download/fil_1', headers: { authorization: 'Bearer secret' } },
  ])
})

test('without a message id the older path is used, and ids can’t leave their place in it', async () => {
  const { open, calls } = opener({ status: 200 })
  await downloadAttachment({ ...access, messageId: null, attachmentId: '../me?x=', open })
  expect(calls[0]?.url).toBe('https://front.example/download/..%2Fme%3Fx%3D')
})

test('storage gets no token, however many steps lead there', async () => {
  const { open, calls, cancelled } = opener(
    { status: 302, headers: { location: '/moved/fil_1' } },
    { status: 307, headers: { location: 'https://storage.example/fil_1?signature=x' } },
    { status: 200 },
  )
  await downloadAttachment({ ...access, open })
  expect(calls.map(({ url }) => url)).toEqual([
    'https://front.example/messages/msg_1/download/fil_1',
    'https://front.example/moved/fil_1',
    'https://storage.example/fil_1?signature=x',
  ])
  expect(calls.map(({ headers }) => headers.authorization)).toEqual(['Bearer secret', undefined, undefined])
  expect(cancelled()).toBe(2)
})

const refusals: [string, Reply, string][] = [
  ['a missing file', { status: 404 }, 'not_found'],
  ['a wrong token', { status: 401 }, 'upstream_refused'],
  ['storage that refuses', { status: 403 }, 'upstream_refused'],
  ['a rate limit', { status: 429 }, 'rate_limited'],
  ['trouble at Front', { status: 500 }, 'unavailable'],
  ['an answer without a file', { status: 204 }, 'upstream_refused'],
  ['a redirect down to http', { status: 302, headers: { location: 'http://storage.example/' } }, 'upstream_refused'],
  ['a redirect to a file of ours', { status: 302, headers: { location: 'file:///etc/passwd' } }, 'upstream_refused'],
  ['redirects in a circle', { status: 302, headers: { location: '/again' } }, 'upstream_refused'],
]

for (const [what, reply, code] of refusals) {
  test(`${what} is refused as ${code} and leaves nothing open`, async () => {
    const { open, calls, cancelled } = opener(reply)
    await expect(downloadAttachment({ ...access, open })).rejects.toMatchObject({ code })
    expect(cancelled()).toBe(calls.length)
  })
}
