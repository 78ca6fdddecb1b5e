import { X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { guardedAgent } from '#lib/http/guarded-agent'
import { sendHttp } from '#lib/http/send'
import { selfSigned, startSelfSigned } from '#tests/faults/self-signed'

test('the certificate is a real one, signed by itself', () => {
  const certificate = new X509Certificate(selfSigned('shop.example').cert)
  expect(certificate.subject).toBe('CN=shop.example')
  expect(certificate.verify(certificate.publicKey)).toBe(true)
})

test('Patchbay calls no server that shows it', async () => {
  const server = await startSelfSigned()
  const guard = guardedAgent({ allowPrivate: true, allowedOrigins: [] })
  const request = { method: 'POST' as const, url: `${server.url}/replies`, headers: {}, body: '{}' }
  const { failure } = await sendHttp(request, { guard })
  await guard.agent.close()
  await server.stop()
  expect(failure).toMatchObject({ code: 'tls', mayHaveArrived: false })
})
