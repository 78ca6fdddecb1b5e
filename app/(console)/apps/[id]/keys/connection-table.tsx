import type { ConnectionView } from '#db/queries/connections'
import { KIND_WORDS, variantWords } from '#lib/channels/app-words'
import { Button } from '#ui/button'
import { Chip } from '#ui/chip'
import { ConfirmDialog } from '#ui/confirm-dialog'
import { type Column, Table } from '#ui/table'
import { TextLink } from '#ui/text-link'
import { Time } from '#ui/time'
import { revokeAction } from './actions'

type Props = { rows: ConnectionView[]; now: Date; canRevoke: boolean }

export function ConnectionTable({ rows, now, canRevoke }: Props) {
  return (
    <Table
      caption="Connections"
      rows={rows}
      rowKey={({ id }) => id}
      columns={[...columns(now), endColumn(now, canRevoke)]}
    />
  )
}

function columns(now: Date): Column<ConnectionView>[] {
  return [
    { id: 'name', header: 'Connection', phone: 'title', cell: NameCell },
    {
      id: 'channel',
      header: 'Channel',
      cell: ({ channelId, channelName, revokedAt }) =>
        channelId ? (
          <TextLink href={`/channels/${channelId}`}>{channelName}</TextLink>
        ) : (
          <span className="text-faint">{revokedAt ? 'None' : 'Not yet'}</span>
        ),
    },
    { id: 'used', header: 'Last use', cell: (row) => <LastUse row={row} now={now} /> },
    {
      id: 'made',
      header: 'Made',
      cell: ({ createdAt, createdBy }) => (
        <>
          <Time at={createdAt} now={now} focusable={false} />
          <span className="block text-sm wrap-anywhere text-muted md:w-36 md:whitespace-normal">{createdBy}</span>
        </>
      ),
    },
  ]
}

function NameCell({ name, kind, hint, address }: ConnectionView) {
  return (
    <>
      <span className="font-medium">{name}</span>
      <span className="block text-sm font-normal text-muted">
        {KIND_WORDS[kind]}
        {hint && <span className="font-mono text-xs"> …{hint}</span>}
      </span>
      {address && <span className="block text-sm font-normal text-muted">{address}</span>}
    </>
  )
}

function LastUse({ row: { lastUsedAt, credentialVariant }, now }: { row: ConnectionView; now: Date }) {
  if (!lastUsedAt) return <span className="text-faint">Never</span>
  const sent = variantWords(credentialVariant)
  return (
    <>
      <Time at={lastUsedAt} now={now} focusable={false} />
      {sent && <span className="block text-sm text-muted md:w-28 md:whitespace-normal">{sent}</span>}
    </>
  )
}

function endColumn(now: Date, canRevoke: boolean): Column<ConnectionView> {
  return {
    id: 'end',
    header: 'State',
    align: 'end',
    phone: 'plain',
    cell: (row) => {
      if (row.revokedAt) {
        return (
          <>
            <Chip>Revoked</Chip>
            <span className="block text-sm wrap-anywhere text-muted md:w-36 md:whitespace-normal">
              <Time at={row.revokedAt} now={now} focusable={false} /> {row.revokedBy && `by ${row.revokedBy}`}
            </span>
          </>
        )
      }
      return canRevoke ? <Revoke row={row} /> : <Chip tone="ok">In use</Chip>
    },
  }
}

function Revoke({ row: { id, appId, name, channelName } }: { row: ConnectionView }) {
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" aria-label={`Revoke ${name}`}>
          Revoke…
        </Button>
      }
      title={`Revoke ${name}?`}
      description={`Front’s calls with it are refused from this moment${channelName ? `, so ${channelName} stops until it is connected again in Front` : ''}. What is here stays.`}
      confirmLabel="Revoke it"
      pendingLabel="Revoking…"
      action={revokeAction}
      values={{ appId, connectionId: id }}
    />
  )
}
