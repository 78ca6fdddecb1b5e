import { formatNumber } from '#lib/format'
import { obstacle } from '#lib/recovery/obstacle'
import { Callout } from '#ui/callout'
import type { RecoveryPart } from './parts'

/** What somebody should know before they send so much again. */
export function Warnings({ parts, now }: { parts: RecoveryPart[]; now: Date }) {
  const unsure = parts.reduce((sum, part) => sum + part.unsure, 0)
  const waiting = parts.filter((part) => obstacle(part, now)).reduce((sum, part) => sum + part.count, 0)
  return (
    <>
      {unsure > 0 && (
        <Callout
          tone="warn"
          title={unsure === 1 ? 'One may have arrived already' : `${formatNumber(unsure)} may have arrived already`}
        >
          The answer to an earlier attempt was lost, or Front accepted them and never showed them. Patchbay looks in
          Front before it repeats one where it can; a provider sees the same id again.
        </Callout>
      )}
      {waiting > 0 && (
        <Callout
          title={waiting === 1 ? 'One waits for its channel' : `${formatNumber(waiting)} wait for their channels`}
        >
          Nothing is sent to a channel that is paused, offline or not answering. The others go on meanwhile.
        </Callout>
      )}
    </>
  )
}
