'use client'

import { useState } from 'react'
import type { ChannelKind } from '#db/schema/channels'
import { CheckboxField, RadioCards } from '#ui/choice-fields'
import { SelectField } from '#ui/select-field'
import { TextField } from '#ui/text-field'

export type Country = { code: string; name: string }

type Props = {
  values: Record<string, string>
  errors: Record<string, string>
}

/** Which handles the channel takes, with the country that belongs to phone numbers only. */
export function ContactFields({ values, errors, countries }: Props & { countries: readonly Country[] }) {
  const [type, setType] = useState(values.contactType ?? 'custom')
  return (
    // The radio cards are the browser's own: what is chosen is heard here.
    <fieldset className="contents" onChange={(event) => setType(chosen(event.target, 'contactType') ?? type)}>
      <RadioCards
        name="contactType"
        label="What identifies a customer"
        hint="The same as “Channel contact type” in Front. There it cannot be changed later."
        columns={3}
        defaultValue={values.contactType ?? 'custom'}
        error={errors.contactType}
        choices={[
          { value: 'custom', title: 'Any id', description: 'A visitor id, a user name: taken as it comes.' },
          { value: 'email', title: 'E-mail address', description: 'Checked, and joined with contacts that have it.' },
          { value: 'phone', title: 'Phone number', description: 'Checked, and sent with + and country code.' },
        ]}
      />
      {type === 'phone' && (
        <SelectField
          name="defaultCountry"
          label="Country of numbers without a country code"
          hint="Without one, such numbers are refused. Front itself would take them for American ones."
          placeholder="None: refuse them"
          options={countries.map(({ code, name }) => ({ value: code, label: name }))}
          defaultValue={values.defaultCountry ?? ''}
          error={errors.defaultCountry}
          className="max-w-sm"
        />
      )}
    </fieldset>
  )
}

/** Where replies go, or that none do. */
export function ProviderFields({ values, errors, kind = 'custom' }: Props & { kind?: ChannelKind }) {
  const [receiveOnly, setReceiveOnly] = useState(values.receiveOnly === 'on')
  return (
    <>
      <CheckboxField
        name="receiveOnly"
        label="Receive-only"
        hint="For phone logs and the like: messages go to Front, replies do not come back."
        checked={receiveOnly}
        onChange={(event) => setReceiveOnly(event.target.checked)}
      />
      {receiveOnly ? (
        <p className="max-w-[72ch] text-sm text-muted">
          {kind === 'custom' && (
            <>
              In Front’s settings of the channel choose the reply mode <b>Cannot reply</b>, so that nobody writes a
              reply that goes nowhere.{' '}
            </>
          )}
          If a reply is posted here all the same, it is refused and kept.
        </p>
      ) : (
        <>
          <TextField
            name="providerUrl"
            type="url"
            label="Provider’s URL"
            hint="Each reply is posted here, signed. Private addresses are refused."
            placeholder="https://provider.example/replies"
            mono
            defaultValue={values.providerUrl}
            error={errors.providerUrl}
          />
          <RadioCards
            name="providerFormat"
            label="What the provider gets"
            columns={2}
            defaultValue={values.providerFormat ?? 'envelope'}
            error={errors.providerFormat}
            choices={[
              {
                value: 'envelope',
                title: 'Patchbay’s envelope',
                description: 'Text, author, conversation and links to files that work without Front’s token.',
              },
              {
                value: 'front_message',
                title: 'Front’s Message JSON, unchanged',
                description: 'For a provider that Front posted to before. Its files need Front’s token.',
              },
            ]}
          />
          {kind === 'custom' && (
            <p className="max-w-[72ch] text-sm text-muted">
              If teammates may also <b>begin</b> conversations (“Allow new messages from channel” in Front): Front does
              not tie the customer’s answer to such a message. It arrives as a conversation of its own.
            </p>
          )}
        </>
      )}
      {receiveOnly && (
        <>
          <input type="hidden" name="providerUrl" value={values.providerUrl ?? ''} />
          <input type="hidden" name="providerFormat" value={values.providerFormat ?? 'envelope'} />
        </>
      )}
    </>
  )
}

function chosen(target: EventTarget, name: string): string | null {
  return target instanceof HTMLInputElement && target.name === name ? target.value : null
}
