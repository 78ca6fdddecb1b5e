import { Contact } from 'lucide-react'
import { z } from 'zod'
import { findSandboxApp, findSandboxCredential, type SandboxApp } from '#db/queries/sandbox-apps'
import { listSandboxChannels } from '#db/queries/sandbox-channels'
import { requireUser } from '#lib/auth'
import { AppError } from '#lib/errors'
import { atLeastRole } from '#lib/roles'
import { type Address, listAddresses } from '#lib/sandbox/apps/authorize'
import type { SandboxDeps } from '#lib/sandbox/deps'
import { SANDBOX_INBOXES } from '#lib/sandbox/identity'
import { ButtonLink } from '#ui/button'
import { Chip } from '#ui/chip'
import { List, ListRow } from '#ui/list'
import { NotAllowed } from '#ui/not-allowed'
import { PageHeader } from '#ui/page-header'
import { Section } from '#ui/section'
import { EmptyState, ErrorState } from '#ui/states'
import { sandboxDeps } from '../../../_parts/deps'
import { AddressForm } from './address-form'

export const metadata = { title: 'Choose an address' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

const search = z.object({
  credential: z.string().max(60).catch(''),
  inbox: z.enum(SANDBOX_INBOXES.map((inbox) => inbox.id)).catch(SANDBOX_INBOXES[0].id),
})

export default async function AddressPage({ searchParams }: Props) {
  const deps = await sandboxDeps()
  const { role } = await requireUser('viewer')
  if (!atLeastRole(role, 'support')) return <NotAllowed needs="support" role={role} />
  const { credential: credentialId, inbox: inboxId } = search.parse(await searchParams)
  const credential = await findSandboxCredential(deps.db, credentialId)
  const app = credential && (await findSandboxApp(deps.db, credential.appUid))
  const whose = credential?.owner ? ` of ${credential.owner}` : ''
  return (
    <>
      <PageHeader
        title="Choose an address"
        description={`The connection${whose} serves several channels. Each address that the server lists can be one.`}
        breadcrumb={[{ href: '/sandbox/channels', label: 'Channels' }]}
      />
      <Section flush>
        {app ? (
          <Addresses deps={deps} app={app} credentialId={credentialId} inboxId={inboxId} />
        ) : (
          <EmptyState icon={Contact} title="This connection is gone">
            Connect once more.
          </EmptyState>
        )}
      </Section>
    </>
  )
}

type ListProps = { deps: SandboxDeps; app: SandboxApp; credentialId: string; inboxId: string }

async function Addresses({ deps, app, credentialId, inboxId }: ListProps) {
  const found = await readAddresses(deps, app, credentialId)
  if (typeof found === 'string') {
    const again = <ButtonLink href={`/sandbox/connect?app=${app.uid}`}>Connect again</ButtonLink>
    return (
      <ErrorState title="The server listed no addresses" action={again}>
        {found}
      </ErrorState>
    )
  }
  if (found.length === 0) {
    return (
      <EmptyState icon={Contact} title="The server lists no addresses">
        In Patchbay, prepare a channel of the app and give it an address.
      </EmptyState>
    )
  }
  const channels = await listSandboxChannels(deps.db, { appUid: app.uid })
  const taken = new Set(channels.map((channel) => channel.address))
  return (
    <List label="Addresses">
      {found.map(({ address, name }) => (
        <ListRow
          key={address}
          title={name}
          trailing={
            taken.has(address) ? (
              <Chip tone="neutral">Connected</Chip>
            ) : (
              <AddressForm credentialId={credentialId} inboxId={inboxId} address={address} name={name} />
            )
          }
        >
          <span className="font-mono">{address}</span>
        </ListRow>
      ))}
    </List>
  )
}

/** The addresses, or why there are none. */
async function readAddresses(deps: SandboxDeps, app: SandboxApp, credentialId: string): Promise<Address[] | string> {
  try {
    return await listAddresses(deps, { app, credentialId })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return error.message
  }
}
