import { CheckboxField, RadioCards } from '#ui/choice-fields'
import { FieldError } from '#ui/field'
import type { FieldErrors } from './alert-form'

type Props = { chosen: string[] | null; channels: { id: string; name: string }[]; errors: FieldErrors }

const CHOICES = [
  { value: 'all', title: 'All channels', description: 'Also those that are connected later.' },
  { value: 'some', title: 'Only these', description: 'Choose them from the list.' },
]

/** About which channels a destination is told. */
export function ChannelFields({ chosen, channels, errors }: Props) {
  return (
    <div className="group/scope flex flex-col gap-3">
      <RadioCards
        name="scope"
        label="Channels"
        choices={CHOICES}
        columns={2}
        defaultValue={chosen === null ? 'all' : 'some'}
        error={errors.scope}
      />
      <fieldset className="hidden min-w-0 flex-col gap-2 group-has-[[value=some]:checked]/scope:flex">
        <legend className="sr-only">Which channels</legend>
        <FieldError id="channelIds-error" error={errors.channelIds} />
        {channels.length === 0 && <p className="text-muted">No channel is connected yet.</p>}
        {channels.map(({ id, name }) => (
          <CheckboxField
            key={id}
            id={`channel-${id}`}
            name="channelIds"
            value={id}
            label={<span className="wrap-anywhere">{name}</span>}
            defaultChecked={chosen?.includes(id)}
          />
        ))}
      </fieldset>
    </div>
  )
}
