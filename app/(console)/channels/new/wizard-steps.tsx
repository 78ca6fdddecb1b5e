'use client'

import { RadioCards } from '#ui/choice-fields'
import { TextField } from '#ui/text-field'
import { ContactFields, type Country, ProviderFields } from '../_parts/basic-fields'
import { AppFields } from './app-fields'
import { NoSecret, NoToken } from './company-warnings'
import { InboxField } from './inbox-field'
import type { AppWay, Way, WizardApp, WizardCompany } from './wizard'

type Errors = { errors: Record<string, string> }

type StartProps = Errors & {
  companies: WizardCompany[]
  companyId: string
  setCompanyId: (id: string) => void
  way: Way
  setWay: (way: Way) => void
  /** Apps of the chosen company. */
  apps: WizardApp[]
  appWay: AppWay
  setAppWay: (way: AppWay) => void
}

const WAYS = ['create', 'connect', 'application'] as const

export function StartStep(props: StartProps) {
  const { companies, companyId, setCompanyId, way, setWay, apps, appWay, setAppWay, errors } = props
  const company = companies.find((each) => each.id === companyId)
  const hear = (event: React.FormEvent) => {
    if (!(event.target instanceof HTMLInputElement)) return
    if (event.target.name === 'companyId') setCompanyId(event.target.value)
    const { name, value } = event.target
    if (name === 'way') setWay(WAYS.find((each) => each === value) ?? 'connect')
    if (name === 'appWay') setAppWay(value === 'create' ? 'create' : 'by_hand')
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
        label="Which kind"
        columns={3}
        defaultValue={way}
        error={errors.way}
        choices={[
          {
            value: 'create',
            title: 'A new custom channel',
            description: 'Patchbay makes it in an inbox you choose. Front knows our URL from the start.',
            disabled: !company?.hasApiToken,
          },
          {
            value: 'connect',
            title: 'A custom channel made by hand',
            description: 'You made it in Front. You paste its id here and our URL there.',
          },
          {
            value: 'application',
            title: 'An application channel',
            description:
              'Belongs to an app. Knows delivery failures, replies that begin conversations, templates and calls.',
          },
        ]}
      />
      {way === 'application' && company && (
        <AppFields key={company.id} {...{ apps, appWay, errors }} canCreate={company.hasApiToken} />
      )}
      {company && !company.hasApiSecret && way !== 'application' && <NoSecret />}
    </fieldset>
  )
}

function tokenWords(hasApiToken: boolean): string {
  return hasApiToken ? 'Has an API token.' : 'Has no API token yet.'
}

type ChannelProps = Errors & {
  company: WizardCompany | undefined
  way: Way
  appWay: AppWay
  countries: readonly Country[]
  /** The list of inboxes is asked for only once it is needed. */
  shown: boolean
}

export function ChannelStep({ company, way, appWay, countries, errors, shown }: ChannelProps) {
  const isMade = way === 'create' || (way === 'application' && appWay === 'create')
  return (
    <>
      <TextField
        name="name"
        label="Name"
        hint={isMade ? 'Front shows it too. A name that is not taken yet is easier to find again.' : undefined}
        required
        maxLength={100}
        className="max-w-md"
        error={errors.name}
      />
      {isMade && shown && company && <InboxField key={company.id} companyId={company.id} error={errors.inboxId} />}
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

export function ProviderStep({ errors, way }: Errors & { way: Way }) {
  const kind = way === 'application' ? 'application' : 'custom'
  return (
    <>
      <ProviderFields values={{}} errors={errors} kind={kind} />
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
            description:
              kind === 'application'
                ? 'One conversation per customer.'
                : 'Front’s own way: one conversation per customer.',
          },
          {
            value: 'provider',
            title: 'The provider says so',
            description:
              kind === 'application'
                ? 'Every message names its conversation, in conversation_key or metadata.external_conversation_id.'
                : 'Every message names its conversation, in conversation_key or metadata.thread_ref.',
          },
        ]}
      />
    </>
  )
}
