import { CopyField } from '#ui/code-block'
import { SecretOnce } from '#ui/secret-once'
import { Section } from '#ui/section'

type Props = { incomingUrl: string; hint: string; incomingKey: string; signingSecret: string }

/** What the provider of a new channel needs; the secrets are shown this once. */
export function ProviderSection({ incomingUrl, hint, incomingKey, signingSecret }: Props) {
  return (
    <Section title="For the provider" description="It posts its messages to this URL, with this key.">
      <div className="flex flex-col gap-4">
        <CopyField label="Incoming URL" text={incomingUrl} hint={hint} />
        <SecretOnce label="Incoming key" secret={incomingKey}>
          Sent as <code className="font-mono text-sm">Authorization: Bearer &lt;key&gt;</code>. Copy it now: it is not
          shown again.
        </SecretOnce>
        <SecretOnce label="Signing secret" secret={signingSecret}>
          Proves to the provider that a reply comes from here. Copy it now: it is not shown again.
        </SecretOnce>
      </div>
    </Section>
  )
}
