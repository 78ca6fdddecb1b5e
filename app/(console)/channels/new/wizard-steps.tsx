'use client'

import { Callout } from '#ui/callout'
import { RadioCards } from '#ui/choice-fields'
import { TextField } from '#ui/text-field'
import { TextLink } from '#ui/text-link'
import { ContactFields, type Country, ProviderFields } from '../_parts/basic-fields'
import { InboxField } from './inbox-field'
import type { Way, WizardCompany } from './wizard'

type Errors = { errors: Record<string, string> }

type StartProps = Errors & {
  companies: WizardCompany[]
  companyId: string
  setCompanyId: (id: string) => void
  way: Way
  setWay: (way: Way) => void
}

export function StartStep({ companies, companyId, setCompanyId, way, setWay, errors }: StartProps) {
  const company = companies.find((each) => each.id === companyId)
  const hear = (event: React.FormEvent) => {
    if (!(event.target instanceof HTMLInputElement)) return
    if (event.target.name === 'companyId') setCompanyId(event.target.value)
    if (event.target.name === 'way') setWay(event.target.value === 'create' ? 'create' : 'connect')
  }
  return (
    <fieldset className="contents" onChange={hear}>
      {companies.length === 1 ? (
        <>
          <input type="hidden" name="companyId" value={companyId} />
          <p>
            In Front’s company <b>{company?.name}</b>.
          </p>
        </>
      ) : (
        <RadioCards
          name="companyId"
          label="Front company"
          columns={2}
          defaultValue={companyId}
          error={errors.companyId}
          choices={companies.map(({ id, name, isSandbox, hasApiToken }) => ({
            value: id,
            title: name,
            description: isSandbox ? 'The sandbox: to try things, without Front.' : tokenWords(hasApiToken),
          }))}
        />
      )}
      {company && !company.hasApiToken && <NoToken />}
      <RadioCards
        // A company without a token takes the first way off the table.
        key={company?.hasApiToken ? 'both' : 'by hand'}
        name="way"
        label="How"
        columns={2}
        defaultValue={way}
        error={errors.way}
        choices={[
          {
            value: 'create',
            title: 'Create it in Front',
            description: 'Patchbay makes the channel in an inbox you choose. Front knows our URL from the start.',
            disabled: !company?.hasApiToken,
          },
          {
            value: 'connect',
            title: 'Connect one made by hand',
            description: 'You made a custom channel in Front. You paste its id here and our URL there.',
          },
        ]}
      />
      {company && !company.hasApiSecret && <NoSecret />}
    </fieldset>
  )
}

function tokenWords(hasApiToken: boolean): string {
  return hasApiToken ? 'Has an API token.' : 'Has no API token yet.'
}

function NoToken() {
  return (
    <Callout tone="warn" title="This company has no API token">
      Without one Patchbay cannot create a channel, check an id, or send anything to Front. Add it in{' '}
      <TextLink href="/settings">Settings</TextLink>; a channel can be connected by hand meanwhile.
    </Callout>
  )
}

function NoSecret() {
  return (
    <Callout tone="warn" title="This company has no API secret">
      Front signs the replies it posts to us with that secret. Until it is in{' '}
      <TextLink href="/settings">Settings</TextLink>, replies are refused, because nobody can tell that they come from
      Front.
    </Callout>
  )
}

type ChannelProps = Errors & {
  company: WizardCompany | undefined
  way: Way
  countries: readonly Country[]
  /** The list of inboxes is asked for only once it is needed. */
  shown: boolean
}

export function ChannelStep({ company, way, countries, errors, shown }: ChannelProps) {
  return (
    <>
      <TextField
        name="name"
        label="Name"
        hint={
          way === 'create' ? 'Front shows it too. A name that is not taken yet is easier to find again.' : undefined
        }
        required
        maxLength={100}
        className="max-w-md"
        error={errors.name}
      />
      {way === 'create' && shown && company && (
        <InboxField key={company.id} companyId={company.id} error={errors.inboxId} />
      )}
      {way === 'connect' && (
        <>
          <p className="max-w-[72ch] text-muted">
            In Front: Settings, the inbox, Channels, Add channel, <b>Custom</b>. Save it there first; the URLs to paste
            come in the last step. Its id is in the address of its settings page.
          </p>
          <TextField
            name="frontChannelId"
            label="Channel id"
            hint={company?.hasApiToken ? 'Checked in Front when you connect.' : 'Not checked: there is no API token.'}
            placeholder="cha_55c8c149"
            pattern="\s*cha_[0-9a-zA-Z]+\s*"
            title="A channel id looks like cha_55c8c149."
            required
            mono
            className="max-w-md"
            error={errors.frontChannelId}
          />
        </>
      )}
      <ContactFields values={{}} errors={errors} countries={countries} />
      {way === 'create' && (
        <p className="max-w-[72ch] text-sm text-muted">
          Front’s API no longer documents the contact type, so it may make every new channel a “Custom” one. If you need
          e-mail addresses or phone numbers to join with existing contacts, make the channel by hand in Front.
        </p>
      )}
    </>
  )
}

export function ProviderStep({ errors }: Errors) {
  return (
    <>
      <ProviderFields values={{}} errors={errors} />
      <RadioCards
        name="threading"
        label="Which messages belong together"
        hint="There are more rules, with a try-out, on the channel’s page afterwards."
        columns={2}
        defaultValue="sender"
        error={errors.threading}
        choices={[
          {
            value: 'sender',
            title: 'All from one sender',
            description: 'Front’s own way: one conversation per customer.',
          },
          {
            value: 'provider',
            title: 'The provider says so',
            description: 'Every message names its conversation, in conversation_key or metadata.thread_ref.',
          },
        ]}
      />
    </>
  )
}
