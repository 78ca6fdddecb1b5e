import { Unplug } from 'lucide-react'
import type { listTroubledSandboxChannels } from '#db/queries/sandbox-channels'
import { TextLink } from '#ui/text-link'

type Channel = Awaited<ReturnType<typeof listTroubledSandboxChannels>>[number]

/** As Front does, in the lower left corner: which channels do not work, why, and where to mend that. */
export function TroubleNotice({ channels }: { channels: readonly Channel[] }) {
  if (channels.length === 0) return null
  return (
    <aside
      aria-label="Channels that need attention"
      className="mx-4 mb-6 rounded-lg border border-bad/40 bg-bad-soft px-4 py-3 text-bad shadow-raised md:fixed md:bottom-4 md:left-4 md:z-30 md:m-0 md:max-h-[40dvh] md:max-w-sm md:overflow-y-auto"
    >
      <ul className="flex flex-col gap-3">
        {channels.map((channel) => (
          <li key={channel.id} className="flex gap-2.5">
            <Unplug aria-hidden strokeWidth={1.75} className="mt-0.5 size-4 shrink-0" />
            <div className="min-w-0 wrap-anywhere">
              <p className="font-medium">
                {channel.name} {channel.isConnected ? 'is offline' : 'needs authentication'}
              </p>
              {channel.statusReason && <p className="text-sm">{channel.statusReason}</p>}
              <p className="text-sm">
                <TextLink href={`/sandbox/channels#${channel.id}`} className="text-bad">
                  Open the channel’s settings
                </TextLink>
              </p>
            </div>
          </li>
        ))}
      </ul>
    </aside>
  )
}
