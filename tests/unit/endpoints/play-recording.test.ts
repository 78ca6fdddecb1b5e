import { expect, test } from 'vitest'
import { playRecording } from '#lib/endpoints/play-recording'

const recording = { filename: 'call.mp3', contentType: 'audio/mpeg', size: 10, bytes: Buffer.from('0123456789') }

const play = (range?: string, file = recording, query = '') =>
  playRecording(new Request(`https://relay.example/r${query}`, { headers: range ? { range } : {} }), file)

test('a recording is played whole, and shown by no page in our name', async () => {
  const answer = play()
  expect(answer.status).toBe(200)
  expect(await answer.text()).toBe('0123456789')
  expect(answer.headers.get('content-disposition')).toBe('inline')
  expect(answer.headers.get('content-security-policy')).toContain('sandbox')
})

const parts: Record<string, [string, string]> = {
  'bytes=0-1': ['01', 'bytes 0-1/10'],
  'bytes=4-': ['456789', 'bytes 4-9/10'],
  'bytes=-3': ['789', 'bytes 7-9/10'],
  'bytes=8-400': ['89', 'bytes 8-9/10'],
  'bytes=-400': ['0123456789', 'bytes 0-9/10'],
}
for (const [range, [text, said]] of Object.entries(parts)) {
  test(`${range} gives that part alone`, async () => {
    const answer = play(range)
    expect([answer.status, await answer.text()]).toEqual([206, text])
    expect([answer.headers.get('content-range'), answer.headers.get('content-length')]).toEqual([
      said,
      String(text.length),
    ])
  })
}

for (const range of ['bytes=10-', 'bytes=-0']) {
  test(`${range} lies beyond the end`, () => {
    const answer = play(range)
    expect([answer.status, answer.headers.get('content-range')]).toEqual([416, 'bytes */10'])
  })
}

for (const range of ['bytes=0-1,4-5', 'lines=1-2', 'bytes=5-2', 'bytes=-']) {
  test(`${range} is answered by the whole`, () => expect(play(range).status).toBe(200))
}

test('it is saved when asked, and always when it is no sound', () => {
  expect(play(undefined, recording, '?save=yes').headers.get('content-disposition')).toMatch(/^attachment/)
  const page = { ...recording, contentType: 'text/html' }
  expect(play(undefined, page).headers.get('content-disposition')).toMatch(/^attachment/)
})
