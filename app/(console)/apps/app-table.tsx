import { FlaskConical } from 'lucide-react'
import type { AppView } from '#db/queries/apps'
import { AUTH_WORDS } from '#lib/channels/app-words'
import { formatNumber } from '#lib/format'
import { Chip } from '#ui/chip'
import { type Column, RowLink, Table } from '#ui/table'
import { Time } from '#ui/time'

export function AppTable({ rows, now }: { rows: AppView[]; now: Date }) {
  return <Table caption="Apps" rows={rows} rowKey={({ id }) => id} columns={columns(now)} />
}

function columns(now: Date): Column<AppView>[] {
  return [
    { id: 'name', header: 'App', phone: 'title', cell: NameCell },
    { id: 'auth', header: 'Authentication', cell: ({ authMethod }) => AUTH_WORDS[authMethod].title },
    { id: 'channels', header: 'Channels', align: 'end', cell: ({ liveChannels }) => formatNumber(liveChannels) },
    {
      id: 'connections',
      header: 'Connections',
      align: 'end',
      cell: ({ liveConnections }) => formatNumber(liveConnections),
    },
    {
      id: 'seen',
      header: 'Last call',
      cell: ({ lastSeenAt }) =>
        lastSeenAt ? (
          <Time at={lastSeenAt} now={now} focusable={false} />
        ) : (
          <span className="text-faint">None yet</span>
        ),
    },
  ]
}

function NameCell({ id, name, uid, companyName, isSandbox }: AppView) {
  return (
    <>
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <RowLink href={`/apps/${id}`}>{name}</RowLink>
        {isSandbox && (
          <Chip tone="accent" icon={FlaskConical}>
            Sandbox
          </Chip>
        )}
      </span>
      <span className="block text-sm font-normal text-muted">
        {companyName} · <span className="font-mono text-xs">{uid}</span>
      </span>
    </>
  )
}
