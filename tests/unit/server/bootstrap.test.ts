import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { temporaryFolder } from '#tests/support/temporary-folder'

// The real script in a small project of its own, with an npm and a Next that only write down that they were called.
const SCRIPTS = ['bootstrap.mjs', 'install-state.mjs', 'mend-driver.mjs', 'one-at-a-time.mjs']
const LOCKFILE = {
  packages: {
    '': { name: 'sample' },
    'node_modules/next': { version: '1.0.0', integrity: 'sha512-next' },
    'node_modules/vitest': { version: '1.0.0', integrity: 'sha512-vitest', dev: true },
    'node_modules/other-platform': { version: '1.0.0', integrity: 'sha512-other', optional: true },
  },
}
const FAKE_NPM = `
const fs = require('node:fs')
fs.appendFileSync('calls', 'install\\n')
if (fs.existsSync('npm-fails')) { console.error('registry said no'); process.exit(7) }
const { packages } = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'))
const { '': root, 'node_modules/other-platform': other, ...installed } = packages
fs.mkdirSync('node_modules/node/bin', { recursive: true })
fs.rmSync('node_modules/node/bin/node', { force: true })
fs.symlinkSync(process.execPath, 'node_modules/node/bin/node')
fs.mkdirSync('node_modules/next/dist/bin', { recursive: true })
fs.copyFileSync('fake-next.js', 'node_modules/next/dist/bin/next')
setTimeout(() => fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages: installed })), 300)
`
const FAKE_NEXT = `
const fs = require('node:fs')
fs.appendFileSync('calls', 'build\\n')
if (fs.existsSync('next-fails')) { console.error('type error in app/page.tsx'); process.exit(1) }
fs.mkdirSync('.next', { recursive: true })
fs.writeFileSync('.next/BUILD_ID', 'id')
`

let root: string

beforeEach(() => {
  root = temporaryFolder('bootstrap')
  mkdirSync(path.join(root, 'lib', 'server'), { recursive: true })
  for (const script of SCRIPTS) cpSync(path.resolve('lib/server', script), path.join(root, 'lib/server', script))
  put('package.json', '{"type":"commonjs"}')
  put('package-lock.json', JSON.stringify(LOCKFILE))
  put('fake-npm.js', FAKE_NPM)
  put('fake-next.js', FAKE_NEXT)
  put('app/page.tsx', 'first')
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

test('a fresh clone is installed and built, and the second start finds nothing to do', async () => {
  expect((await bootstrap('--build')).code).toBe(0)
  expect(calls()).toEqual(['install', 'build'])
  const second = await bootstrap('--build')
  expect(second).toEqual({ code: 0, output: '' })
  expect(calls()).toEqual(['install', 'build'])
})

test('a changed page is built anew, a changed server or test is not', async () => {
  await bootstrap('--build')
  put('lib/server/start.ts', 'changed')
  put('tests/some.test.ts', 'changed')
  await bootstrap('--build')
  expect(calls()).toEqual(['install', 'build'])
  put('app/page.tsx', 'second')
  await bootstrap('--build')
  expect(calls()).toEqual(['install', 'build', 'build'])
})

test('a changed lockfile is installed anew', async () => {
  await bootstrap()
  const packages = { ...LOCKFILE.packages, 'node_modules/next': { version: '2.0.0', integrity: 'sha512-two' } }
  put('package-lock.json', JSON.stringify({ packages }))
  await bootstrap()
  expect(calls()).toEqual(['install', 'install'])
})

test('an installation that was killed half-way does not count', async () => {
  await bootstrap()
  rmSync(path.join(root, 'node_modules', '.package-lock.json'))
  await bootstrap()
  expect(calls()).toEqual(['install', 'install'])
})

test('an installation without the packages for tests is enough to start, not to test', async () => {
  const { 'node_modules/vitest': _dev, ...packages } = LOCKFILE.packages
  put('node_modules/.package-lock.json', JSON.stringify({ packages }))
  await bootstrap()
  expect(calls()).toEqual([])
  await bootstrap('--tests')
  expect(calls()).toEqual(['install'])
})

test('what Vercel has installed is left alone', async () => {
  put('node_modules/next/package.json', '{}')
  expect((await bootstrap([], { VERCEL: '1' })).code).toBe(0)
  expect(calls()).toEqual([])
})

test('a build made by hand counts once it is marked', async () => {
  await bootstrap()
  put('.next/BUILD_ID', 'by hand')
  await bootstrap('--mark-built')
  await bootstrap('--build')
  expect(calls()).toEqual(['install'])
})

test('two starts at once install and build once', async () => {
  const both = await Promise.all([bootstrap('--build'), bootstrap('--build')])
  expect(both.map((run) => run.code)).toEqual([0, 0])
  expect(calls()).toEqual(['install', 'build'])
  expect(readdirSync(path.join(root, '.patchbay'))).toEqual([])
})

test('the lock of a start that was killed is taken over', async () => {
  put('.patchbay/bootstrap.lock', '999999999')
  expect((await bootstrap()).code).toBe(0)
  expect(calls()).toEqual(['install'])
})

test('a failed installation shows what npm said, then one line, and gives the lock back', async () => {
  put('npm-fails', '')
  const run = await bootstrap()
  expect(run.code).toBe(1)
  expect(run.output).toMatch(/registry said no\nPatchbay could not install its packages: npm ci ended with 7\.\n$/)
  expect(existsSync(path.join(root, '.patchbay', 'bootstrap.lock'))).toBe(false)
})

test('a failed build is tried twice more, then told, and tried again by the next start', async () => {
  await bootstrap('--build')
  put('app/page.tsx', 'broken')
  put('next-fails', '')
  const failed = await bootstrap('--build')
  expect(failed.code).toBe(1)
  expect(failed.output).toMatch(
    /type error in app\/page\.tsx\nPatchbay could not be built: next build ended with 1\.\n$/,
  )
  rmSync(path.join(root, 'next-fails'))
  await bootstrap('--build')
  expect(calls()).toEqual(['install', 'build', 'build', 'build', 'build', 'build'])
})

test('a damaged lockfile is one line', async () => {
  put('package-lock.json', '{')
  const run = await bootstrap()
  expect(run).toEqual({ code: 1, output: 'Patchbay could not get ready: package-lock.json is missing or damaged\n' })
})

function bootstrap(args: string | string[] = [], env: Record<string, string> = {}) {
  const npm: Record<string, string> = {
    VERCEL: '',
    npm_execpath: path.join(root, 'fake-npm.js'),
    npm_node_execpath: process.execPath,
  }
  const child = spawn(process.execPath, [path.join(root, 'lib/server/bootstrap.mjs'), ...[args].flat()], {
    env: { ...process.env, ...npm, ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)))
  return new Promise<{ code: number | null; output: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, output }))
  })
}

function put(file: string, text: string) {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
  writeFileSync(path.join(root, file), text)
}

function calls(): string[] {
  const file = path.join(root, 'calls')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
}
