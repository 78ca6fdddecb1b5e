'use client'

import { useState } from 'react'
import { Button } from '#ui/button'
import { PasswordField } from '#ui/password-field'

type Props = { id: string; name: string; label: string; hint: string; isSet: boolean; error: string | undefined }
type Wish = 'keep' | 'replace' | 'remove'

const WORDS = { keep: 'Set. It is never shown again.', remove: 'Will be removed when you save.' } as const

/** A secret that can be set, replaced and removed, but not read. `<name>Wish` carries what is to be done with it. */
export function SecretField({ id, name, label, hint, isSet, error }: Props) {
  const [wish, setWish] = useState<Wish>(isSet ? 'keep' : 'replace')
  return (
    <div>
      <input type="hidden" name={`${name}Wish`} value={wish} />
      {wish === 'replace' ? (
        <PasswordField
          id={id}
          name={name}
          label={isSet ? `New ${label}` : label}
          hint={hint}
          error={error}
          autoComplete="off"
          required={false}
        />
      ) : (
        <fieldset className="flex flex-wrap items-center gap-x-4 gap-y-1">
          <legend className="text-sm font-medium text-ink">{label}</legend>
          <p className={wish === 'remove' ? 'text-warn' : 'text-muted'}>{WORDS[wish]}</p>
          {error && <p className="w-full text-sm font-medium text-bad">{error}</p>}
          {wish === 'keep' && (
            <>
              <Button size="sm" aria-label={`Replace the ${label}`} onClick={() => setWish('replace')}>
                Replace
              </Button>
              <Button size="sm" variant="quiet" aria-label={`Remove the ${label}`} onClick={() => setWish('remove')}>
                Remove
              </Button>
            </>
          )}
        </fieldset>
      )}
      {isSet && wish !== 'keep' && (
        <Button variant="link" size="sm" className="mt-1.5" onClick={() => setWish('keep')}>
          Keep the present one
        </Button>
      )}
    </div>
  )
}
