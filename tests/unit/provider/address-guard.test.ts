import { expect, test } from 'vitest'
import { checkUrl, isAllowedAddress } from '#lib/provider/address-guard'

const strict = { allowPrivate: false, allowedOrigins: ['http://localhost:3000'] }
const open = { allowPrivate: true, allowedOrigins: [] }

const addresses: [string, { strict: boolean; open: boolean }][] = [
  ['93.184.215.14', { strict: true, open: true }],
  ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', { strict: true, open: true }],
  ['127.0.0.1', { strict: false, open: true }],
  ['127.255.255.254', { strict: false, open: true }],
  ['10.1.2.3', { strict: false, open: true }],
  ['172.16.0.1', { strict: false, open: true }],
  ['172.32.0.1', { strict: true, open: true }],
  ['192.168.1.1', { strict: false, open: true }],
  ['100.64.0.1', { strict: false, open: true }],
  ['::1', { strict: false, open: true }],
  ['fd12:3456::1', { strict: false, open: true }],
  ['::ffff:10.0.0.1', { strict: false, open: true }],
  ['::ffff:93.184.215.14', { strict: true, open: true }],
  ['64:ff9b::7f00:1', { strict: false, open: true }],
  ['64:ff9b::5db8:d70e', { strict: true, open: true }],
  ['0.0.0.0', { strict: false, open: false }],
  ['::', { strict: false, open: false }],
  ['169.254.169.254', { strict: false, open: false }],
  ['::ffff:169.254.169.254', { strict: false, open: false }],
  ['64:ff9b::a9fe:a9fe', { strict: false, open: false }],
  ['fe80::1', { strict: false, open: false }],
  ['fd00:ec2::254', { strict: false, open: false }],
  ['100.100.100.200', { strict: false, open: false }],
  ['224.0.0.1', { strict: false, open: false }],
  ['ff02::1', { strict: false, open: false }],
  ['255.255.255.255', { strict: false, open: false }],
  ['240.0.0.1', { strict: false, open: false }],
  ['192.0.2.1', { strict: false, open: false }],
  ['2001:db8::1', { strict: false, open: false }],
  ['2002:7f00:1::1', { strict: false, open: false }],
  ['not an address', { strict: false, open: false }],
]

for (const [address, allowed] of addresses) {
  test(`${address} is ${allowed.strict ? 'open' : allowed.open ? 'open on request only' : 'never open'}`, () => {
    expect(isAllowedAddress(address, strict)).toBe(allowed.strict)
    expect(isAllowedAddress(address, open)).toBe(allowed.open)
  })
}

test('an ordinary address passes', () => {
  expect(checkUrl(' https://hooks.example.com/a?b=c ', strict)).toMatchObject({ ok: true })
  expect(checkUrl('http://example.com:8080/', strict)).toMatchObject({ ok: true })
})

const refused: Record<string, [string, 'bad_url' | 'blocked_address']> = {
  'no scheme': ['example.com/replies', 'bad_url'],
  nothing: ['', 'bad_url'],
  'another scheme': ['ftp://example.com/', 'bad_url'],
  'a file': ['file:///etc/passwd', 'bad_url'],
  credentials: ['https://user:secret@example.com/', 'bad_url'],
  'the port of another service': ['http://example.com:25/', 'bad_url'],
  'port 0': ['http://example.com:0/', 'bad_url'],
  'this machine by name': ['http://localhost:8080/', 'blocked_address'],
  'this machine by a longer name': ['http://api.localhost/', 'blocked_address'],
  'this machine with a dot': ['http://localhost./', 'blocked_address'],
  'this machine by address': ['http://127.0.0.1/', 'blocked_address'],
  'this machine in short': ['http://127.1/', 'blocked_address'],
  'this machine as a number': ['http://2130706433/', 'blocked_address'],
  'this machine in hex': ['http://0x7f000001/', 'blocked_address'],
  'this machine in octal': ['http://0177.0.0.1/', 'blocked_address'],
  'this machine in full-width digits': ['http://１２７.0.0.1/', 'blocked_address'],
  'this machine as IPv6': ['http://[::1]/', 'blocked_address'],
  'a metadata service': ['http://169.254.169.254/latest/meta-data', 'blocked_address'],
  'a private address inside IPv6': ['http://[::ffff:10.0.0.1]/', 'blocked_address'],
}

for (const [what, [url, error]] of Object.entries(refused)) {
  test(`refuses ${what}`, () => {
    expect(checkUrl(url, strict)).toMatchObject({ ok: false, error, message: expect.stringMatching(/\.$/) })
  })
}

test('our own origin passes wherever it is, and only with its own port', () => {
  expect(checkUrl('http://localhost:3000/sandbox/front', strict)).toMatchObject({ ok: true })
  expect(checkUrl('http://localhost:3001/', strict)).toMatchObject({ ok: false })
  expect(checkUrl('http://localhost:3000@10.0.0.1/', strict)).toMatchObject({ ok: false })
})

test('private addresses pass where the installation allows them', () => {
  expect(checkUrl('http://localhost:8080/', open)).toMatchObject({ ok: true })
  expect(checkUrl('http://192.168.1.20/', open)).toMatchObject({ ok: true })
  expect(checkUrl('http://169.254.169.254/', open)).toMatchObject({ ok: false })
})
