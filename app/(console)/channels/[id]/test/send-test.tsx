'use client'

import { Send } from 'lucide-react'
import { useActionState } from 'react'
import type { Direction } from '#db/schema/targets'
import { ActionStatus } from '#ui/form-messages'
import { SubmitButton } from '#ui/submit-button'
import { sendTestAction } from './actions'

export function SendTest({ channelId, direction }: { channelId: string; direction: Direction }) {
  const [state, send] = useActionState(sendTestAction, null)
  return (
    <form action={send} className="flex flex-col items-start gap-3">
      <input type="hidden" name="channelId" value={channelId} />
      <input type="hidden" name="direction" value={direction} />
      <SubmitButton icon={Send} pendingLabel="Sending…">
        {direction === 'inbound' ? 'Send a test to Front' : 'Send a test to the provider'}
      </SubmitButton>
      <ActionStatus message={state?.message} tone={state?.ok === false ? 'bad' : 'ok'} />
    </form>
  )
}
