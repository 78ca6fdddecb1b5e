import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { createMailer } from '#lib/mail/mailer'
import { startMailServer } from '#tests/support/mail-server'

const letter = {
  id: 'a-1',
  to: ['ops@example.com'],
  subject: 'Line\r\nBcc: everybody@example.com',
  text: 'Hi',
  html: 'Hi',
}

test('a letter carries its id, and a subject cannot add headers', async () => {
  const server = await startMailServer()
  const { failure, answer } = await createMailer({ url: server.url, from: 'alerts@example.com' }).send(letter)
  await server.stop()
  expect([failure, answer?.code]).toEqual([null, 250])
  expect(server.letters).toMatchObject([{ to: ['ops@example.com'] }])
  expect(server.letters[0]?.raw).toContain('Message-ID: <a-1@patchbay>')
  expect(server.letters[0]?.raw).not.toMatch(/^Bcc:/m)
})

test('a recipient whom the server refuses is named, and the others get the letter', async () => {
  const server = await startMailServer({ refuse: { address: 'gone@example.com', code: 550, message: 'Unknown' } })
  const mailer = createMailer({ url: server.url, from: 'alerts@example.com' })
  const { failure } = await mailer.send({ ...letter, to: ['ops@example.com', 'gone@example.com'] })
  await server.stop()
  expect(failure).toMatchObject({ errorClass: 'refused_content', message: expect.stringContaining('gone@example.com') })
  expect(server.letters).toMatchObject([{ to: ['ops@example.com'] }])
})

test('a server that says nothing is given up on in time, and its address is told without the password', async () => {
  const sockets = new Set<Socket>()
  const silent = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const mailer = createMailer({ url: `smtp://user:s3cret@127.0.0.1:${port}`, from: 'alerts@example.com', totalMs: 100 })
  const { failure, answer } = await mailer.send(letter)
  for (const socket of sockets) socket.destroy()
  silent.close()
  expect([failure?.errorClass, answer]).toEqual(['timeout_answer', null])
  expect(JSON.stringify([failure, mailer.server])).not.toContain('s3cret')
})

test.each([
  ['smtp://mail.example.com', 'smtp://mail.example.com:587'],
  ['smtps://mail.example.com', 'smtps://mail.example.com:465'],
  ['smtp://u:p@mail.example.com:2525/', 'smtp://mail.example.com:2525'],
])('the server of %s is shown as %s', (url, shown) => {
  expect(createMailer({ url, from: 'alerts@example.com' }).server).toBe(shown)
})
