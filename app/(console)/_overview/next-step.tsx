import { Inbox, MessageCircle, Send } from 'lucide-react'
import { hasMessages } from '#db/queries/message-rows'
import { listSandboxProviders } from '#db/queries/sandbox-chat'
import { db } from '#lib/database'
import { ButtonLink } from '#ui/button'
import { Section } from '#ui/section'

/** A channel is there and nothing has crossed it yet: what to do now. Nothing once there are messages. */
export async function NextStep({ sandboxOn }: { sandboxOn: boolean }) {
  if (await hasMessages(db())) return null
  const [chat] = sandboxOn ? await listSandboxProviders(db()) : []
  if (!chat) {
    return (
      <Section id="next" title="Next: send the first message">
        <p className="text-muted">
          Every channel can send a test message both ways, marked as a test, so that you see whether it works.
        </p>
        <div className="mt-4">
          <ButtonLink href="/channels" variant="primary" icon={Send}>
            Choose a channel
          </ButtonLink>
        </div>
      </Section>
    )
  }
  return (
    <Section id="next" title="Next: see a message cross">
      <p className="max-w-[68ch] text-muted">
        The sandbox’s channel is ready. Write as a visitor in the chat; the message appears in the inbox, where you
        answer as a teammate. Both messages then stand in Patchbay’s log.
      </p>
      <div className="mt-4 flex flex-wrap gap-2">
        <ButtonLink href={`/sandbox/chat/${chat.channelKey}`} variant="primary" icon={MessageCircle} target="_blank">
          Open the visitor’s chat
        </ButtonLink>
        <ButtonLink href="/sandbox/inbox" icon={Inbox}>
          Open the inbox
        </ButtonLink>
      </div>
    </Section>
  )
}
