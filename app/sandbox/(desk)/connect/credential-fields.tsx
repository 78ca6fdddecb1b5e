import { PasswordField } from '#ui/password-field'
import { TextField } from '#ui/text-field'

export type CredentialField = { name: string; label: string; isSecret: boolean }

type Props = {
  fields: readonly CredentialField[]
  /** Tells several forms of one page apart. */
  idPrefix?: string
  hint?: string
  required?: boolean
}

/** What a person types in to show whose channel it is. */
export function CredentialFields({ fields, idPrefix = 'field', hint, required = true }: Props) {
  return fields.map(({ name, label, isSecret }) => {
    const control = { name, id: `${idPrefix}-${name}`, label, hint, required }
    return isSecret ? (
      <PasswordField key={name} {...control} autoComplete="off" />
    ) : (
      <TextField key={name} {...control} autoComplete="off" />
    )
  })
}
