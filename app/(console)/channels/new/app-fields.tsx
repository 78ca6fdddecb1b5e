'use client'

import { Callout } from '#ui/callout'
import { RadioCards } from '#ui/choice-fields'
import { SelectField } from '#ui/select-field'
import type { AppWay, WizardApp } from './wizard'

type Props = { apps: WizardApp[]; appWay: AppWay; canCreate: boolean; errors: Record<string, string> }

/** Which app the channel belongs to, and how it comes to be in Front. */
export function AppFields({ apps, appWay, canCreate, errors }: Props) {
  if (apps.length === 0) {
    return (
      <Callout tone="warn" title="No app yet">
        An application channel belongs to an app that you define once in Front and register here. Then come back.
      </Callout>
    )
  }
  return (
    <>
      <SelectField
        name="appId"
        label="App"
        options={apps.map(({ id, name }) => ({ value: id, label: name }))}
        defaultValue={apps[0]?.id}
        required
        error={errors.appId}
        className="max-w-md"
      />
      <RadioCards
        name="appWay"
        label="How it comes to be in Front"
        columns={2}
        defaultValue={appWay}
        error={errors.appWay}
        choices={[
          {
            value: 'create',
            title: 'Create it in Front',
            description: 'Patchbay has Front make the channel in an inbox you choose, and Front connects it at once.',
            disabled: !canCreate,
          },
          {
            value: 'by_hand',
            title: 'Connect it in Front by hand',
            description: 'You add the channel in Front. The next page says how, and gives the key to paste.',
          },
        ]}
      />
    </>
  )
}
