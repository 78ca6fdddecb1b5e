import { Callout } from '#ui/callout'
import { TextLink } from '#ui/text-link'

/** What cannot be done without the company’s API token. */
export function NoToken() {
  return (
    <Callout tone="warn" title="This company has no API token">
      Without one Patchbay cannot create a channel, check an id, or send anything to Front. Add it in{' '}
      <TextLink href="/settings">Settings</TextLink>; a channel can be connected by hand meanwhile.
    </Callout>
  )
}

/** What is refused without the company’s API secret. */
export function NoSecret() {
  return (
    <Callout tone="warn" title="This company has no API secret">
      Front signs the replies it posts to us with that secret. Until it is in{' '}
      <TextLink href="/settings">Settings</TextLink>, replies are refused, because nobody can tell that they come from
      Front.
    </Callout>
  )
}
