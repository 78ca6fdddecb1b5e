import { execFileSync } from 'node:child_process'
import { accessSync, constants, mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { chromium } from '@playwright/test'

/** What Playwright needs to launch a browser, as text: it travels to its workers in the environment. */
export type Browser = {
  name: string
  executablePath: string
  args: string[]
  env: Record<string, string>
  /** The packaged one draws no frame on one page in twenty, so that what streams in stays hidden. */
  retries: number
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]
/** Chrome's own sandbox refuses to work for root; the pages it opens here are ours. */
const ARGS = ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync']

const TO_INSTALL =
  'No browser found for the tests. Install Chromium, or run: npx playwright install --with-deps chromium'

/**
 * The first that is there: an installed Chromium or Chrome, Playwright's own, Debian's, which is installed when we are
 * root, and last the one from our packages (Linux on x64).
 * @param say told before something that takes a while
 * @throws Error saying what to install
 */
export async function findBrowser(say: (line: string) => void = () => {}): Promise<Browser> {
  const found = findInstalled() ?? findPlaywrights() ?? installDebians(say) ?? (await unpackPackaged())
  if (!found) throw new Error(TO_INSTALL)
  return found
}

function findInstalled(): Browser | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const inPath = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)))
  const executablePath = [...inPath, ...PLACES].find((file) => isWorking(file))
  return executablePath ? { name: executablePath, executablePath, args: ARGS, env: {}, retries: 0 } : undefined
}

function findPlaywrights(): Browser | undefined {
  const executablePath = chromium.executablePath()
  return isWorking(executablePath)
    ? { name: "Playwright's own", executablePath, args: ARGS, env: {}, retries: 0 }
    : undefined
}

/** The package unpacks into the folder for temporary files and looks for its libraries as if on a function host. */
async function unpackPackaged(): Promise<Browser | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  const folder = path.resolve(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'patchbay-browser')
  mkdirSync(folder, { recursive: true })
  const before = { ...process.env }
  try {
    Object.assign(process.env, { TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' })
    const { default: packaged } = await import('@sparticuz/chromium')
    const executablePath = await packaged.executablePath()
    const env = { LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH ?? '', FONTCONFIG_PATH: path.join(folder, 'fonts') }
    if (isWorking(executablePath, env)) {
      return { name: 'the packaged Chromium', executablePath, args: ARGS, env, retries: 2 }
    }
    // Perhaps unpacking was interrupted once: the next run begins anew.
    rmSync(folder, { recursive: true, force: true })
    return undefined
  } catch {
    return undefined
  } finally {
    restore(before)
  }
}

function installDebians(say: (line: string) => void): Browser | undefined {
  if (process.getuid?.() !== 0 || !isWorking('/usr/bin/apt-get')) return undefined
  say('Installing Chromium with apt-get (a few minutes, once)')
  const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const
  try {
    execFileSync('apt-get', ['update'], options)
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], options)
  } catch {
    return undefined
  }
  return findInstalled()
}

/** Some systems put a script under the browser's name that only says how to install it. */
function isWorking(file: string, env: Record<string, string> = {}): boolean {
  try {
    accessSync(file, constants.X_OK)
    execFileSync(file, ['--version'], { stdio: 'ignore', timeout: 20_000, env: { ...process.env, ...env } })
    return true
  } catch {
    return false
  }
}

function restore(before: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
  Object.assign(process.env, before)
}
