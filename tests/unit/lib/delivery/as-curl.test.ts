import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { attemptAsCurl } from '#lib/delivery/as-curl'

const attempt = {
  method: 'POST',
  url: 'https://front.example/channels/cha_1/incoming_messages?a=b&c=d',
  requestHeaders: {
    authorization: 'Bearer [masked]',
    'content-type': 'application/json',
    'content-length': '17',
    host: 'front.example',
  },
  requestBody: `{"body":"it's $HOME \`id\` \\n \\"x\\""}`,
}

/** What a shell makes of the command: curl's arguments. */
function argumentsOf(command: string): string[] {
  const script = command.replace(/^curl/, 'printf "%s\\0"')
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)
}

test('gives a command that a shell reads back to exactly what was sent', () => {
  expect(argumentsOf(attemptAsCurl(attempt) ?? '')).toEqual([
    '-X',
    'POST',
    attempt.url,
    '-H',
    'authorization: Bearer FILL-IN',
    '-H',
    'content-type: application/json',
    '--data-raw',
    attempt.requestBody,
  ])
})

test('leaves a blank where a secret belongs, even one that was not masked', () => {
  const requestHeaders = {
    'X-Api-Key': 'k-123',
    Authorization: 'Basic abc',
    cookie: 'a=b',
    'webhook-signature': 'v1,abc',
    'x-note': 'fine',
  }
  const command = attemptAsCurl({ ...attempt, requestHeaders }) ?? ''
  for (const secret of ['k-123', 'Basic abc', 'a=b', 'v1,abc'])
    expect(argumentsOf(command).join('\n')).not.toContain(`: ${secret}`)
  expect(command).toContain('x-note: fine')
})

test('is nothing when nothing was sent', () => {
  expect(attemptAsCurl({ method: null, url: null, requestHeaders: null, requestBody: null })).toBeNull()
})
