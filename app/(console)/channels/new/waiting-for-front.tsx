'use client'

import { LoaderCircle } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Callout } from '#ui/callout'
import { isConnectedAction } from './actions'

const ASK_EVERY_MS = 2000

/** Asks until Front has connected the channel, and says so. */
export function WaitingForFront({ channelId, name }: { channelId: string; name: string }) {
  const [connected, setConnected] = useState(false)
  useEffect(() => {
    if (connected) return
    const timer = setInterval(async () => {
      if (document.visibilityState !== 'visible') return
      // A request that fails is asked again the next time.
      if (await isConnectedAction(channelId).catch(() => false)) setConnected(true)
    }, ASK_EVERY_MS)
    return () => clearInterval(timer)
  }, [channelId, connected])
  return (
    <div role="status">
      {connected ? (
        <Callout tone="ok" title={`${name} is connected`}>
          Front knows the channel, and replies come here.
        </Callout>
      ) : (
        <Callout
          title={
            <span className="inline-flex items-center gap-2">
              Waiting for Front…
              <LoaderCircle aria-hidden className="size-4 text-accent motion-safe:animate-spin" />
            </span>
          }
        >
          {name} is prepared. It is connected as soon as Front calls; this page notices by itself.
        </Callout>
      )}
    </div>
  )
}
