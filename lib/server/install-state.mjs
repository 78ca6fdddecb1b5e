// Plain Node 20 without dependencies: this runs before node_modules exists.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

/** What `next build` reads. lib/server, migrations and SQL functions run outside the bundle. */
const BUILD_INPUTS = [
  'app',
  'db',
  'lib',
  'public',
  'next.config.js',
  'package.json',
  'package-lock.json',
  'postcss.config.mjs',
  'tsconfig.json',
]
const NOT_BUNDLED = [path.join('lib', 'server'), path.join('db', 'migrations'), path.join('db', 'functions')]

/**
 * Whether npm has already installed what the lockfile asks for, told from npm's own record in node_modules, which it
 * writes last. So an install by hand, by a build host or by a Dockerfile counts as much as one of ours, and one that
 * was killed half-way does not. Optional packages may be absent: most are for other platforms.
 * @param {string} root
 * @param {{ dev: boolean }} options dev: packages for tests and checks must be there too
 */
export function isInstalled(root, { dev }) {
  const wanted = readJson(path.join(root, 'package-lock.json'))
  const installed = readJson(path.join(root, 'node_modules', '.package-lock.json'))
  if (!wanted) throw new Error('package-lock.json is missing or damaged')
  if (!installed) return false
  return Object.entries(wanted.packages).every(([place, pack]) => {
    const have = installed.packages[place]
    if (have) return have.version === pack.version && have.integrity === pack.integrity
    return place === '' || pack.optional || pack.devOptional || (pack.dev && !dev)
  })
}

/**
 * One hash over everything that goes into the build.
 * @param {string} root
 */
export function hashBuildInputs(root) {
  const hash = createHash('sha256')
  for (const input of BUILD_INPUTS) {
    for (const file of listFiles(root, input)) {
      hash.update(`${file}\0`).update(fs.readFileSync(path.join(root, file)))
    }
  }
  return hash.digest('hex')
}

/** The stamp lies inside the build, so that it goes when the build goes. */
const STAMP = path.join('.next', 'patchbay-inputs')

/** @param {string} root */
export function isBuilt(root) {
  if (!fs.existsSync(path.join(root, '.next', 'BUILD_ID'))) return false
  const stamp = path.join(root, STAMP)
  return fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === hashBuildInputs(root)
}

/**
 * @param {string} root
 * @param {string} inputs hash of what was built, taken before the build
 */
export function markBuilt(root, inputs) {
  fs.writeFileSync(path.join(root, STAMP), inputs)
}

/** @param {string} root */
export function forgetBuild(root) {
  fs.rmSync(path.join(root, STAMP), { force: true })
}

/** @returns {string[]} paths relative to root, sorted, so that every machine makes the same hash */
function listFiles(root, place) {
  const stat = fs.statSync(path.join(root, place), { throwIfNoEntry: false })
  if (!stat || NOT_BUNDLED.includes(place)) return []
  if (!stat.isDirectory()) return [place]
  const names = fs.readdirSync(path.join(root, place)).sort()
  return names.flatMap((name) => listFiles(root, path.join(place, name)))
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
