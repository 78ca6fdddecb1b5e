// Runs before `npm start`, `npm test` and their kin: plain Node 20 without dependencies, because on a fresh clone
// there is no node_modules yet. Brings in what is missing and does nothing when nothing is.
//   --tests       packages for tests must be there too
//   --build       `next build` when the sources changed since the last one
//   --mark-built  only notes that what lies in .next was built from the present sources
import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { forgetBuild, hashBuildInputs, isBuilt, isInstalled, markBuilt } from './install-state.mjs'
import { mendDriver } from './mend-driver.mjs'
import { takeLock } from './one-at-a-time.mjs'

const NODE_NEEDED_HERE = 20
const MOST_BUILDS = 3
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..')
const pinnedNode = path.join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const flags = new Set(process.argv.slice(2))
const startedAt = Date.now()

/** A failure that needs one line and no stack. */
class Refusal extends Error {}

let child
let releaseLock = () => {}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    child?.kill(signal)
    releaseLock()
    process.exit(130)
  })
}

try {
  await main()
} catch (error) {
  releaseLock()
  console.error(error instanceof Refusal ? error.message : `Patchbay could not get ready: ${error.message}`)
  process.exit(1)
}

async function main() {
  if (Number.parseInt(process.versions.node, 10) < NODE_NEEDED_HERE) {
    throw new Refusal(
      `Patchbay needs Node ${NODE_NEEDED_HERE} or newer; this is ${process.version}. See https://nodejs.org`,
    )
  }
  process.chdir(root)
  if (flags.has('--mark-built')) return markBuilt(root, hashBuildInputs(root))
  if (isReady()) return mendDriver(root)
  releaseLock = await takeLock(path.join(root, '.patchbay', 'bootstrap.lock'), () =>
    say('Waiting for another start that is installing or building'),
  )
  if (needsInstall()) await install()
  mendDriver(root)
  if (needsBuild()) await build()
  releaseLock()
}

function isReady() {
  return !needsInstall() && !needsBuild()
}

/** Vercel installs by itself, in its own way, before it builds: a second install there could only do harm. */
function needsInstall() {
  const installedByHost = Boolean(process.env.VERCEL) && fs.existsSync(path.join(root, 'node_modules', 'next'))
  return !installedByHost && !isInstalled(root, { dev: flags.has('--tests') })
}

function needsBuild() {
  return flags.has('--build') && !isBuilt(root)
}

async function install() {
  say('Installing packages (about a minute the first time)')
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  // The Node that npm itself runs on: ours may lie in the very node_modules that is about to be replaced.
  const node = process.env.npm_node_execpath
  const npm = process.env.npm_execpath
  const code = node && npm && node !== pinnedNode ? await run(node, [npm, ...args]) : await run('npm', args)
  if (code !== 0) throw new Refusal(`Patchbay could not install its packages: npm ci ended with ${code}.`)
  const version = spawnSync(pinnedNode, ['--version'], { encoding: 'utf8' })
  if (version.status !== 0) {
    throw new Refusal('The pinned Node is missing after npm ci. Allow install scripts (npm config get ignore-scripts).')
  }
  say(`Installed; running on Node ${version.stdout.trim()} from here on`)
}

async function build() {
  say('Building (about half a minute)')
  const inputs = hashBuildInputs(root)
  forgetBuild(root)
  const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }
  const next = path.join(root, 'node_modules', 'next', 'dist', 'bin', 'next')
  let code
  // Next at times fails to prerender its own last error page, and not the next time (vercel/next.js #95741).
  for (let attempt = 1; attempt <= MOST_BUILDS && code !== 0; attempt += 1) {
    if (attempt > 1) say('Building once more, in case the failure was one of those that pass')
    code = await run(pinnedNode, [next, 'build'], env)
  }
  if (code !== 0) throw new Refusal(`Patchbay could not be built: next build ended with ${code}.`)
  markBuilt(root, inputs)
  say('Built')
}

/** Runs quietly; what the command said is shown only when it failed. */
function run(command, args, env = process.env) {
  return new Promise((resolve, reject) => {
    const said = []
    child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.on('data', (chunk) => said.push(chunk))
    child.stderr.on('data', (chunk) => said.push(chunk))
    child.on('error', (error) => reject(new Refusal(`Patchbay could not run ${command}: ${error.message}`)))
    child.on('close', (code, signal) => {
      child = undefined
      if (code !== 0) process.stderr.write(Buffer.concat(said))
      resolve(code ?? signal)
    })
  })
}

function say(line) {
  console.log(`[${((Date.now() - startedAt) / 1000).toFixed(1)} s] ${line}`)
}
