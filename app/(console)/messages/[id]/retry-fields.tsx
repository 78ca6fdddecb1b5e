import type { ProviderFormat } from '#db/schema/channels'
import type { RetryAs } from '#db/schema/deliveries'
import { FORMAT_WORDS } from '#lib/delivery/earlier-way'
import { RadioCards } from '#ui/choice-fields'
import { TextAreaField } from '#ui/text-field'

/** How a retry may go: as the channel says today, or as the last attempt went. */
export type WayChoice = { earlier: RetryAs; today: { url: string | null; format: ProviderFormat } }

/** What a retry asks: how it goes, where there is a choice, and why. */
export function RetryFields({ choice }: { choice: WayChoice | null }) {
  return (
    <>
      {choice && <Ways {...choice} />}
      <TextAreaField
        name="reason"
        label="Note"
        hint="Why, for whoever asks later: it is shown on the message."
        required={false}
        maxLength={500}
        rows={2}
      />
    </>
  )
}

function Ways({ earlier, today }: WayChoice) {
  const choices = [
    {
      value: 'today',
      title: 'With today’s settings',
      description: <Way url={today.url ?? 'No provider URL is set.'} format={today.format} />,
    },
    {
      value: 'as_was',
      title: 'As it was',
      description: (
        <>
          <Way url={earlier.url} format={earlier.format ?? today.format} />
          Today’s keys and headers are used: earlier ones are not kept.
        </>
      ),
    },
  ]
  return <RadioCards name="way" label="How to send it" choices={choices} defaultValue="today" />
}

function Way({ url, format }: { url: string; format: ProviderFormat }) {
  return (
    <>
      <span className="block font-mono text-xs wrap-anywhere">{url}</span>
      {FORMAT_WORDS[format]}.{' '}
    </>
  )
}
