import http from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeLetter } from '#tests/faults/letters'
import { type OtherSide, startFront, startProvider } from '#tests/faults/other-side'
import { startFaultProxy } from '#tests/faults/proxy'

let front: OtherSide
let provider: OtherSide

beforeEach(async () => {
  front = await startFront()
  provider = await startProvider()
})

afterEach(async () => {
  await Promise.all([front.stop(), provider.stop()])
})

function toFront(id: string, n: number) {
  const body = JSON.stringify({
    body: `<p>${writeLetter({ talk: 'talk-1', n })}</p>`,
    metadata: { headers: { patchbay_message_id: id } },
  })
  return fetch(`http://127.0.0.1:${front.port}/channels/cha_1/incoming_messages`, { method: 'POST', body })
}

test('Front remembers what it took in, by what it says and by our id, and shows it', async () => {
  const accepted = await toFront('id-1', 4)
  expect(accepted.status).toBe(202)
  expect(front.arrivals).toEqual([{ talk: 'talk-1', direction: 'inbound', n: 4, id: 'id-1' }])
  const { message_uid: uid } = await accepted.json()
  const shown = await fetch(`http://127.0.0.1:${front.port}/messages/alt%3Auid%3A${uid}`)
  expect(await shown.json()).toMatchObject({ message_uid: uid, metadata: { headers: { patchbay_message_id: 'id-1' } } })
  const listed = await fetch(`http://127.0.0.1:${front.port}/conversations/cnv_talk-1/messages?limit=50`)
  expect((await listed.json())._results).toHaveLength(1)
})

test('what is refused is not taken in', async () => {
  front.refuse(1, () => ({ status: 503 }))
  expect((await toFront('id-1', 0)).status).toBe(503)
  expect(front.arrivals).toEqual([])
  expect(front.refused()).toBe(1)
  expect((await toFront('id-1', 0)).status).toBe(202)
})

test('a caller who goes away before the answer is counted, and one who stays is not', async () => {
  const proxy = await startFaultProxy(provider.port)
  const release = provider.holdAnswers()
  const gone = new Promise((resolve) => {
    const request = http.request(proxy.url, { method: 'POST', headers: { 'webhook-id': 'id-1' }, agent: false })
    request.on('error', resolve)
    request.end(writeLetter({ talk: 'talk-1', n: 0 }))
  })
  await provider.untilArrived(1)
  proxy.cut()
  await gone
  await provider.untilUnanswered(1)
  release()
  const headers = { 'webhook-id': 'id-1' }
  const body = writeLetter({ talk: 'talk-1', n: 0 })
  const stayed = await fetch(`http://127.0.0.1:${provider.port}/`, { method: 'POST', headers, body })
  expect(await stayed.json()).toEqual({ external_id: 'talk-1-reply-0', conversation_key: 'talk-1' })
  await proxy.stop()
  expect(provider.arrivals).toHaveLength(2)
  expect(provider.unanswered()).toBe(1)
})
