import { expect, test, vi } from 'vitest'
import { openBody } from '#lib/http/read-body'

const LIMIT = { bytes: 10, what: 'this test' }

function post(body: BodyInit | null, headers: Record<string, string> = {}): Request {
  return new Request('http://localhost/', { method: 'POST', body, headers, ...{ duplex: 'half' } })
}

function chunks(...texts: string[]): ReadableStream<Uint8Array> {
  const left = texts.map((text) => new TextEncoder().encode(text))
  return new ReadableStream({
    pull: (controller) => {
      const next = left.shift()
      if (next) controller.enqueue(next)
      else controller.close()
    },
  })
}

test('reads a body of many chunks byte for byte, up to its limit', async () => {
  const bytes = await openBody(post(chunks('01234', '56789'))).read(LIMIT)
  expect(bytes.toString()).toBe('0123456789')
})

test('a request without a body is empty', async () => {
  const body = openBody(new Request('http://localhost/'))
  expect(await body.read(LIMIT)).toHaveLength(0)
  expect(body.size()).toBe(0)
})

test('refuses one byte more, and names the limit', async () => {
  await expect(openBody(post(chunks('0123456789', 'x'))).read(LIMIT)).rejects.toMatchObject({
    code: 'payload_too_large',
    message: 'The body is larger than 10 bytes, the limit for this test.',
  })
})

test('refuses by the announced length without reading anything', async () => {
  const pull = vi.fn()
  const body = new ReadableStream({ pull }, { highWaterMark: 0 })
  const opened = openBody(post(body, { 'content-length': '11' }))
  await expect(opened.read(LIMIT)).rejects.toMatchObject({ code: 'payload_too_large' })
  expect(pull).not.toHaveBeenCalled()
  expect(opened.size()).toBe(11)
})

test('a body that breaks off is the caller’s fault', async () => {
  const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) })
  await expect(openBody(post(broken)).read(LIMIT)).rejects.toMatchObject({ code: 'bad_request' })
})

test('shows the start of a body whether or not it was read, and never fails', async () => {
  const read = openBody(post(chunks('0123', '4567')))
  await read.read(LIMIT)
  expect((await read.start(6)).toString()).toBe('012345')
  expect((await openBody(post(chunks('0123', '4567'))).start(2)).toString()).toBe('01')
  const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) })
  expect(await openBody(post(broken)).start(5)).toHaveLength(0)
})

test('closing stops an upload that nobody reads', async () => {
  const cancel = vi.fn()
  const body = openBody(post(new ReadableStream({ cancel })))
  await body.close()
  expect(cancel).toHaveBeenCalledOnce()
})
