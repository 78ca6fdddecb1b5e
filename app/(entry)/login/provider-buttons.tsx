'use client'

import { signIn } from 'next-auth/react'
import { Button } from '#ui/button'

type Props = { providers: { id: string; name: string }[]; next: string }

export function ProviderButtons({ providers, next }: Props) {
  return (
    <div className="mt-5 flex flex-col gap-3 border-t border-rule pt-5">
      {providers.map(({ id, name }) => (
        <Button key={id} className="w-full" onClick={() => signIn(id, { callbackUrl: next })}>
          Continue with {name}
        </Button>
      ))}
    </div>
  )
}
