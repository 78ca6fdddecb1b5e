import { pause } from '#lib/server/processes'
import { reportFailure } from '#lib/server/report-failure'

export type Shutdown = {
  /** Registers how to end something that was just started. What came last is ended first. */
  add: (name: string, stop: () => Promise<unknown>, limitMs: number) => void
  /** Ends everything, once; later calls wait for the first. A step that fails or takes too long holds nothing up. */
  run: () => Promise<void>
  /** Ends only the named step, skipping the others, for a person who will not wait. */
  runOnly: (name: string) => Promise<void>
}

export function createShutdown(): Shutdown {
  const steps: { name: string; end: () => Promise<void> }[] = []
  let running: Promise<void> | undefined
  async function runAll() {
    for (let step = steps.at(-1); step; step = steps.at(-1)) {
      await step.end()
      steps.splice(steps.indexOf(step), 1)
    }
  }
  return {
    add: (name, stop, limitMs) => {
      let ended: Promise<void> | undefined
      const end = () => {
        ended ??= runStep(name, stop, limitMs)
        return ended
      }
      steps.push({ name, end })
    },
    run: () => {
      running ??= runAll()
      return running
    },
    runOnly: async (name) => {
      await steps.find((step) => step.name === name)?.end()
    },
  }
}

async function runStep(name: string, stop: () => Promise<unknown>, limitMs: number): Promise<void> {
  const ended = stop().then(
    () => true,
    (error) => {
      reportFailure(error)
      return true
    },
  )
  const inTime = await Promise.race([ended, pause(limitMs).then(() => false)])
  if (!inTime) process.stderr.write(`Gave up waiting for ${name} after ${limitMs / 1000} s\n`)
}
