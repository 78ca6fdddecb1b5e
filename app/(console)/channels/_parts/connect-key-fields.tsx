'use client'

import type { AuthMethod } from '#db/schema/apps'
import type { ConnectKey } from '#lib/channels/app-credentials'
import { CopyField } from '#ui/code-block'
import { SecretOnce } from '#ui/secret-once'

const LABELS: Partial<Record<AuthMethod, { user: string; key: string }>> = {
  basic: { user: 'User name', key: 'Password' },
  password: { user: 'User name', key: 'Password' },
  client_credentials: { user: 'Client id', key: 'Client secret' },
}

type Props = { authMethod: AuthMethod; connectKey: ConnectKey }

/** A connect key, shown this once: Front asks for it alone or with a user name, as the app is set. */
export function ConnectKeyFields({ authMethod, connectKey: { user, key } }: Props) {
  const labels = LABELS[authMethod]
  return (
    <>
      {labels && <CopyField label={labels.user} text={user} hint="Front asks for it beside the key." />}
      <SecretOnce label={labels?.key ?? 'Connect key'} secret={key}>
        Pasted into Front when the channel is added. It connects this channel only. Copy it now: it is not shown again.
      </SecretOnce>
    </>
  )
}
