import { expect, test } from 'vitest'
import { readStatus } from '#tests/bench/caller'

const answers = {
  'with a length': 'HTTP/1.1 202 Accepted\r\ncontent-type: application/json\r\ncontent-length: 5\r\n\r\n{"a"}',
  'in chunks': 'HTTP/1.1 429 Too Many Requests\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"a"}\r\n0\r\n\r\n',
}

test.each(Object.entries(answers))('an answer %s counts when all of it has come', (_what, answer) => {
  for (let length = 0; length < answer.length; length += 1) {
    expect(readStatus(Buffer.from(answer.slice(0, length)))).toBeNull()
  }
  expect(readStatus(Buffer.from(answer))).toBe(Number(answer.slice(9, 12)))
})
