import { generateKeyPairSync, sign } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import tls from 'node:tls'

const OID = { ecdsaWithSha256: '06082a8648ce3d040302', commonName: '0603550403' }

/** DER: a tag, how long it is, and what is in it. None of ours is longer than 65,535 bytes. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const { length } = body
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), body])
}

/** A certificate that nobody but its owner vouches for. */
export function selfSigned(host: string): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const sequence = (...parts: Buffer[]) => der(0x30, ...parts)
  const utc = (text: string) => der(0x17, Buffer.from(text))
  const algorithm = sequence(Buffer.from(OID.ecdsaWithSha256, 'hex'))
  const name = sequence(der(0x31, sequence(Buffer.from(OID.commonName, 'hex'), der(0x0c, Buffer.from(host)))))
  const validity = sequence(utc('200101000000Z'), utc('491231235959Z'))
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const content = sequence(der(0x02, Buffer.from([1])), algorithm, name, validity, name, spki)
  const signature = der(0x03, Buffer.from([0]), sign('sha256', content, privateKey))
  const cert = sequence(content, algorithm, signature).toString('base64')
  const lines = (cert.match(/.{1,64}/g) ?? []).join('\n')
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  }
}

/** A TLS server with such a certificate, at which nobody who checks certificates stays. */
export async function startSelfSigned(): Promise<{ url: string; stop: () => Promise<unknown> }> {
  const server = tls.createServer(selfSigned('127.0.0.1'), (socket) => socket.destroy())
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a listening TCP server always has one
  return { url: `https://127.0.0.1:${port}`, stop: () => new Promise((resolve) => server.close(resolve)) }
}
