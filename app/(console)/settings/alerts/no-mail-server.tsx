import { Callout } from '#ui/callout'

/** What e-mail still needs. */
export function NoMailServer({ missing }: { missing: readonly string[] }) {
  return (
    <Callout tone="warn" title="Patchbay cannot send e-mail yet">
      The person who runs it has to set {missing.join(' and ')}, and start it again. Alerts by e-mail wait until then.
    </Callout>
  )
}
