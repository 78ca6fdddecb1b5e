import { Inbox, MessageCircle } from 'lucide-react'
import { ButtonLink } from '#ui/button'
import { Section } from '#ui/section'
import { SubmitButton } from '#ui/submit-button'
import { exploreSandboxAction } from './actions'
import { ExploreApplicationForm } from './explore-application-form'

type Props = { providers: { channelKey: string; name: string }[]; isAdmin: boolean }

/** How to see a message cross Patchbay and come back, on a custom channel or on one of an app. */
export function Loop({ providers, isAdmin }: Props) {
  const hasChats = providers.length > 0
  return (
    <Section title="The whole loop in two windows" id="loop">
      <ol className="list-decimal space-y-1 pl-5 marker:text-faint">
        <li>Open the visitor’s chat and write a message.</li>
        <li>Open the inbox in a second window: the message is there. Answer it.</li>
        <li>The answer appears in the chat. Look at both messages in Patchbay’s log.</li>
      </ol>
      <div className="mt-4 flex flex-wrap gap-2">
        {providers.map(({ channelKey, name }) => (
          <ButtonLink
            key={channelKey}
            href={`/sandbox/chat/${channelKey}`}
            variant="primary"
            icon={MessageCircle}
            target="_blank"
          >
            Open the visitor’s chat{providers.length > 1 ? `: ${name}` : ''}
          </ButtonLink>
        ))}
        {hasChats && (
          <ButtonLink href="/sandbox/inbox" icon={Inbox}>
            Open the inbox
          </ButtonLink>
        )}
        {isAdmin && (
          <form action={exploreSandboxAction}>
            <SubmitButton variant={hasChats ? 'quiet' : 'primary'} pendingLabel="Setting up…">
              {hasChats ? 'Put the sandbox channel right' : 'Explore with the sandbox'}
            </SubmitButton>
          </form>
        )}
      </div>
      {isAdmin && hasChats && (
        <p className="mt-2 text-sm text-muted">
          “Put right” makes the channel again if it was archived, and gives the chat new keys if you rotated them.
        </p>
      )}
      {isAdmin && (
        <div className="mt-5 border-t border-rule pt-4">
          <h3 className="font-semibold">The same on an application channel</h3>
          <p className="mt-0.5 mb-3 max-w-[68ch] text-muted">
            Registers an app in Patchbay and in the sandbox’s Front, makes a connect key, and lets Front connect a
            channel with it. Press it again to put things right.
          </p>
          <ExploreApplicationForm />
        </div>
      )}
    </Section>
  )
}
