import { notFound } from 'next/navigation'
import { findSandboxProvider, listSandboxChat } from '#db/queries/sandbox-chat'
import { SubmitButton } from '#ui/submit-button'
import { sandboxDeps } from '../../_parts/deps'
import { Refresh } from '../../_parts/refresh'
import { leaveAction } from './actions'
import { EnterForm } from './enter-form'
import { Lines } from './lines'
import { currentVisitor } from './visitor'
import { WriteForm } from './write-form'

type Props = { params: Promise<{ channelKey: string }> }

export default async function ChatPage({ params }: Props) {
  const { db, now } = await sandboxDeps()
  const { channelKey } = await params
  const provider = await findSandboxProvider(db, channelKey)
  if (!provider) notFound()
  const visitor = await currentVisitor()
  if (!visitor) return <EnterForm />
  const lines = await listSandboxChat(db, { channelKey, visitor: visitor.handle })
  return (
    <>
      <Refresh everyMs={1500} />
      <header className="flex items-center justify-between gap-3 border-b border-rule px-4 py-3">
        <div className="min-w-0">
          <h1 className="truncate text-lg font-semibold">{provider.name}</h1>
          <p className="truncate text-sm text-muted">You are {visitor.name}.</p>
        </div>
        <form action={leaveAction}>
          <SubmitButton variant="quiet" size="sm">
            Be somebody else
          </SubmitButton>
        </form>
      </header>
      <Lines lines={lines} channelKey={channelKey} now={now} />
      <WriteForm channelKey={channelKey} />
    </>
  )
}
