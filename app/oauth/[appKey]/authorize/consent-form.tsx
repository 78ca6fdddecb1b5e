import type { AuthorizationRequest } from '#lib/oauth/authorization'
import { CONSENT_PROBLEMS, type ConsentDraft } from '#lib/oauth/consent'
import { Button } from '#ui/button'
import { type Choice, RadioCards } from '#ui/choice-fields'
import { cx } from '#ui/cx'
import { FormErrors } from '#ui/form-messages'
import { TextField } from '#ui/text-field'

type Asking = { appKey: string; asked: AuthorizationRequest }

const NEW = 'new'

/** What to connect, and the two ways to go on. A plain form, so that the browser itself follows to Front. */
export function ConsentForm({
  appKey,
  asked,
  isShared,
  choices,
  draft,
}: Asking & { isShared: boolean; choices: Choice[]; draft: ConsentDraft }) {
  const problem = draft.problem && CONSENT_PROBLEMS[draft.problem]
  const hasChoices = choices.length > 0
  const chosen = draft.choice || (choices[0]?.value ?? NEW)
  return (
    <form method="post" action={decideAt(appKey)} className="group mt-6 flex flex-col gap-5">
      <Kept asked={asked} />
      {problem && <FormErrors title={problem.message} />}
      {hasChoices && (
        <RadioCards
          name="choice"
          label={isShared ? 'Under which account?' : 'Which channel?'}
          choices={[...choices, isShared ? NEW_ACCOUNT : NEW_CHANNEL]}
          defaultValue={chosen}
        />
      )}
      <div className={cx('flex-col gap-5', hasChoices ? 'hidden group-has-[[value=new]:checked]:flex' : 'flex')}>
        <TextField
          name="name"
          label={isShared ? 'Name of the account' : 'Name of the new channel'}
          hint={isShared ? 'Front shows it as the owner of the connection.' : undefined}
          defaultValue={draft.name}
          error={problem?.field === 'name' ? problem.message : undefined}
          autoComplete="off"
        />
        {!isShared && <AddressField draft={draft} error={problem?.field === 'address' ? problem.message : undefined} />}
      </div>
      <div className="flex flex-col gap-3">
        <Button type="submit" name="decision" value="allow" variant="primary" className="w-full">
          Allow
        </Button>
        <Button type="submit" name="decision" value="deny" className="w-full">
          Do not allow
        </Button>
      </div>
    </form>
  )
}

/** The way back for somebody who may not allow it. */
export function DenyForm({ appKey, asked }: Asking) {
  return (
    <form method="post" action={decideAt(appKey)} className="mt-6">
      <Kept asked={asked} />
      <Button type="submit" name="decision" value="deny" className="w-full">
        Go back to Front
      </Button>
    </form>
  )
}

function AddressField({ draft, error }: { draft: ConsentDraft; error: string | undefined }) {
  return (
    <TextField
      name="address"
      label="Address of the new channel"
      hint="Front shows it beside the name, such as a phone number or “website-chat”. Each channel of this app needs its own. Left empty, Patchbay makes one up."
      required={false}
      defaultValue={draft.address}
      error={error}
      autoComplete="off"
    />
  )
}

const NEW_CHANNEL: Choice = { value: NEW, title: 'A new channel', description: 'It is made when Front connects it.' }
const NEW_ACCOUNT: Choice = { value: NEW, title: 'A new account' }

function Kept({ asked }: { asked: AuthorizationRequest }) {
  return Object.entries(asked).map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)
}

function decideAt(appKey: string): string {
  return `/oauth/${appKey}/authorize/decide`
}
