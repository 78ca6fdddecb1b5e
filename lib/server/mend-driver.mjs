// Plain Node 20 without dependencies: npm runs this after every install.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The database driver keeps the state of a connection that broke: what was half sent, half received and half answered.
 * Queries after a reset were seen to wait for ever. As its source reads, an answer could also reach the caller of another query.
 * Its maintainers have reports (porsager/postgres #1119, #1186, #1215, #1223); until a release mends it, this does: whatever
 * was on its way is refused when the connection ends, and the next connection starts with nothing.
 */
export const MENDED_VERSION = '3.4.9'

const MENDS = [
  {
    before: '    const x = socket.write(chunk, fn)\n',
    after: `    if (!socket) return (chunk = nextWriteTimer = null, false)
    const x = socket.write(chunk, fn)
`,
  },
  {
    before: '    if (initial)\n      return reconnect()\n\n    !hadError && (query || sent.length) && error(',
    after: `    const forget = () => {
      query = results = errorResponse = chunk = nextWriteTimer = null
      result = new Result()
      rows = 0
    }
    if (initial) {
      forget()
      return reconnect()
    }
    ;(query || sent.length) && error(`,
  },
  {
    before: '    closedTime = performance.now()\n    hadError && options.shared.retries++',
    after: '    forget()\n    closedTime = performance.now()\n    hadError && options.shared.retries++',
  },
  {
    // Who waits for the connection is told anyway.
    before: '        return fetchArrayTypes()\n',
    after: '        return fetchArrayTypes().catch(() => {})\n',
  },
]

/**
 * Mends the driver in `root`, once.
 * @param {string} root where node_modules is
 * @returns {'mended' | 'done before' | 'not installed'}
 * @throws Error when the driver is another one than the one that this is for
 */
export function mendDriver(root) {
  const folder = path.join(root, 'node_modules', 'postgres')
  if (!fs.existsSync(folder)) return 'not installed'
  const { version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'))
  if (version !== MENDED_VERSION) {
    throw new Error(`postgres ${version} is installed, and lib/server/mend-driver.mjs is for ${MENDED_VERSION}.`)
  }
  const files = ['src', path.join('cjs', 'src')].map((place) => path.join(folder, place, 'connection.js'))
  const changed = files.filter(mendFile)
  return changed.length > 0 ? 'mended' : 'done before'
}

/** @param {string} file */
function mendFile(file) {
  const text = fs.readFileSync(file, 'utf8')
  if (MENDS.every(({ after }) => text.includes(after))) return false
  let mended = text
  for (const { before, after } of MENDS) {
    if (mended.split(before).length !== 2) throw new Error(`${file} is not as it was published, so it can't be mended.`)
    mended = mended.replace(before, () => after)
  }
  // A new file in place of the old one: other folders may share it.
  const fresh = `${file}.${process.pid}`
  fs.writeFileSync(fresh, mended)
  fs.renameSync(fresh, file)
  return true
}

if (process.argv[1] === fileURLToPath(import.meta.url)) mendDriver(process.cwd())
