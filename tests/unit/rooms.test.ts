import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const ROOT = path.join(import.meta.dirname, '../..')
const ALIASES: Record<string, string> = { '#ui/': 'app/_ui/', '#lib/': 'lib/', '#db/': 'db/', '#tests/': 'tests/' }
// Code that is shown to people, not run.
const SHOWN_CODE = ['lib/channels/snippets.ts']
// A table of sentences is read like a page.
const WORD_TABLES = ['lib/delivery/error-words.ts']
// Setting a variable that a library insists on is not reading.
const READS_ENVIRONMENT = /\bprocess\.env\b(?!\.\w+ = )/
const LONGEST_FILE = 200
const LONGEST_TEST = 300

type Import = { file: string; target: string; typeOnly: boolean }

const files = ['app', 'lib', 'db', 'tests'].flatMap(listFiles)
const imports = files.flatMap(readImports)

function listFiles(folder: string): string[] {
  return (
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => path.posix.join(folder, name.replaceAll(path.sep, '/')))
      // The yardstick of the benchmark leaves its build there.
      .filter((file) => /\.tsx?$/.test(file) && !file.includes('/.next/'))
  )
}

/** Every import of a file, ours as a path from the root, others by their name. */
function readImports(file: string): Import[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8')
  const found = text.matchAll(
    /(?:^|\n)(import|export)( type)?\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|(?:import|require)\(\s*['"]([^'"]+)['"]/g,
  )
  const bare = text.matchAll(/(?:^|\n)import\s*['"]([^'"]+)['"]/g)
  return [
    ...[...found].map(([, , type, from, dynamic]) => ({
      file,
      target: locate(file, from ?? dynamic ?? ''),
      typeOnly: Boolean(type),
    })),
    ...[...bare].map(([, from]) => ({ file, target: locate(file, from ?? ''), typeOnly: false })),
  ]
}

function locate(file: string, from: string): string {
  const alias = Object.keys(ALIASES).find((prefix) => from.startsWith(prefix))
  if (alias) return ALIASES[alias] + from.slice(alias.length)
  return from.startsWith('.') ? path.posix.join(path.posix.dirname(file), from) : from
}

function isOurs(target: string): boolean {
  return /^(app|lib|db|tests)\//.test(target)
}

function within(target: string, rooms: string[]): boolean {
  return rooms.some((room) => target === room || target.startsWith(`${room}/`))
}

/** Import lines that a rule forbids, as `file -> target`. */
function offences(from: string[], forbidden: (found: Import) => boolean): string[] {
  return imports
    .filter((found) => within(found.file, from) && forbidden(found))
    .map(({ file, target }) => `${file} -> ${target}`)
}

for (const room of ['lib/front', 'lib/provider', 'lib/threading']) {
  test(`${room} is pure: of ours it knows itself and errors, and neither Next nor the database nor the environment`, () => {
    expect(offences([room], ({ target }) => isOurs(target) && !within(target, [room, 'lib/errors']))).toEqual([])
    const impure = ['next', 'next-auth', 'react', 'postgres', 'drizzle-orm', 'node:fs', 'node:process']
    expect(offences([room], ({ target }) => within(target, impure))).toEqual([])
    const readsProcess = files.filter(
      (file) => within(file, [room]) && /\bprocess\./.test(readFileSync(path.join(ROOT, file), 'utf8')),
    )
    expect(readsProcess).toEqual([])
  })
}

test('lib never points at app or at tests', () => {
  expect(offences(['lib'], ({ target }) => within(target, ['app', 'tests']))).toEqual([])
})

test('of lib, the database knows errors and types alone', () => {
  const allowed = ({ target, typeOnly }: Import) => typeOnly || within(target, ['lib/errors'])
  expect(offences(['db'], (found) => within(found.target, ['lib', 'app', 'tests']) && !allowed(found))).toEqual([])
})

test('what is shared on screen has no way to the data', () => {
  const data = ['db', 'lib/flows', 'lib/database', 'lib/env', 'lib/secrets', 'lib/keyring', 'postgres', 'drizzle-orm']
  expect(offences(['app/_ui'], ({ target, typeOnly }) => within(target, data) && !typeOnly)).toEqual([])
})

test('Next stays in app and in the server that starts it', () => {
  const next = ({ target }: Import) => within(target, ['next'])
  expect(offences(['db'], next)).toEqual([])
  expect(
    offences(['lib'], (found) => next(found) && !within(found.file, ['lib/server', 'lib/auth.ts', 'lib/session'])),
  ).toEqual([])
})

test('one file reads the environment', () => {
  const readers = files.filter(
    (file) => !file.startsWith('tests/') && READS_ENVIRONMENT.test(readFileSync(path.join(ROOT, file), 'utf8')),
  )
  expect(readers.filter((file) => !within(file, ['lib/env.ts', 'lib/server', ...SHOWN_CODE]))).toEqual([])
})

test('files stay short: 200 lines, tests 300', () => {
  const long = files
    .filter((file) => !WORD_TABLES.includes(file))
    .map((file) => ({ file, lines: readFileSync(path.join(ROOT, file), 'utf8').split('\n').length - 1 }))
    .filter(({ file, lines }) => lines > (file.startsWith('tests/') ? LONGEST_TEST : LONGEST_FILE))
  expect(long).toEqual([])
})

test('this test sees the imports that it judges', () => {
  expect(imports).toContainEqual({ file: 'lib/front/client.ts', target: 'lib/errors', typeOnly: false })
  expect(imports).toContainEqual({ file: 'lib/front/client.ts', target: 'zod', typeOnly: true })
  expect(imports.length).toBeGreaterThan(200)
})
