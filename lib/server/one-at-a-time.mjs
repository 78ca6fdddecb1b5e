// Plain Node 20 without dependencies: this runs before node_modules exists.
import fs from 'node:fs'
import path from 'node:path'

const BEAT_MS = 5_000
/** An owner that has been silent for so long is gone, even if another process has its number now. */
const SILENT_MS = 60_000
const LOOK_AGAIN_MS = 500

/**
 * Takes the lock file, waiting for another owner to finish. A lock whose owner died is taken over.
 * @param {string} file
 * @param {() => void} onWait called once if somebody else holds it
 * @returns {Promise<() => void>} releases it
 */
export async function takeLock(file, onWait) {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  let waited = false
  while (!tryTake(file)) {
    if (isAbandoned(file)) {
      takeAway(file)
      continue
    }
    if (!waited) onWait()
    waited = true
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
  }
  const beat = setInterval(() => touch(file), BEAT_MS)
  beat.unref()
  return () => {
    clearInterval(beat)
    if (readOwner(file) === process.pid) fs.rmSync(file, { force: true })
  }
}

/** Linking a finished file into place is atomic: nobody ever reads a lock without an owner in it. */
function tryTake(file) {
  const mine = `${file}.${process.pid}`
  fs.writeFileSync(mine, String(process.pid))
  try {
    fs.linkSync(mine, file)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  } finally {
    fs.rmSync(mine, { force: true })
  }
}

function isAbandoned(file) {
  const stat = fs.statSync(file, { throwIfNoEntry: false })
  if (!stat) return false
  const owner = readOwner(file)
  if (owner === undefined || Date.now() - stat.mtimeMs > SILENT_MS) return true
  try {
    process.kill(owner, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

/** Two may see the same abandoned lock: whoever moved a fresh one by mistake puts it back. */
function takeAway(file) {
  const aside = `${file}.${process.pid}.old`
  try {
    fs.renameSync(file, aside)
    if (!isAbandoned(aside)) fs.linkSync(aside, file)
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error
  }
  fs.rmSync(aside, { force: true })
}

function readOwner(file) {
  try {
    return Number.parseInt(fs.readFileSync(file, 'utf8'), 10) || undefined
  } catch {
    return undefined
  }
}

function touch(file) {
  try {
    fs.utimesSync(file, new Date(), new Date())
  } catch {
    // Whoever removed it by hand wanted it gone.
  }
}
