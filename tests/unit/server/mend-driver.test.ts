import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeDataFolder, temporaryFolder } from '#tests/support/temporary-folder'
import { mendDriver } from '../../../lib/server/mend-driver.mjs'

const PIECES = `
    const x = socket.write(chunk, fn)

    if (initial)
      return reconnect()

    !hadError && (query || sent.length) && error(closed)
    closedTime = performance.now()
    hadError && options.shared.retries++
        return fetchArrayTypes()
`
let root: string

beforeEach(() => {
  root = temporaryFolder('driver')
})
afterEach(() => removeDataFolder(root))

const file = (place: string) => path.join(root, 'node_modules/postgres', place, 'connection.js')

function install(version: string, text: string): void {
  for (const place of ['src', 'cjs/src']) {
    mkdirSync(path.dirname(file(place)), { recursive: true })
    writeFileSync(file(place), text)
  }
  writeFileSync(path.join(root, 'node_modules/postgres/package.json'), JSON.stringify({ version }))
}

test('the driver is mended once, in both its forms', () => {
  install('3.4.9', PIECES)
  expect(mendDriver(root)).toBe('mended')
  const mended = readFileSync(file('src'), 'utf8')
  expect(mended).toContain('forget()')
  expect(readFileSync(file('cjs/src'), 'utf8')).toBe(mended)
  expect(mendDriver(root)).toBe('done before')
  expect(readFileSync(file('src'), 'utf8')).toBe(mended)
})

test('another version, or one that somebody changed, is not touched and stops the install', () => {
  install('3.5.0', PIECES)
  expect(() => mendDriver(root)).toThrow('postgres 3.5.0 is installed')
  install('3.4.9', PIECES.replace('fn)', 'fn, 0)'))
  expect(() => mendDriver(root)).toThrow('is not as it was published')
})

test('where nothing is installed there is nothing to mend', () => {
  expect(mendDriver(root)).toBe('not installed')
})

test('the driver that is installed here is mended', () => {
  cpSync('node_modules/postgres', path.join(root, 'node_modules/postgres'), { recursive: true })
  expect(mendDriver(root)).toBe('done before')
})
