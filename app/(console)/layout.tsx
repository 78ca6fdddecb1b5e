import type { ReactNode } from 'react'
import { countNeedsAttention } from '#db/queries/attention'
import { listCompanies } from '#db/queries/companies'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { env } from '#lib/env'
import { ConsoleShell } from '#ui/console-shell'
import { signOutAction } from '../(entry)/login/actions'

/** The frame of signed-in pages. It is not read again on every step, so each page asks `requireUser` for itself. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const user = await requireUser('viewer')
  const [[company], attentionCount] = await Promise.all([listCompanies(db()), countNeedsAttention(db())])
  return (
    <ConsoleShell
      user={{ name: user.name, email: user.email, role: user.role }}
      companyName={company?.name ?? 'No Front company yet'}
      sandboxOn={env().SANDBOX === 'on'}
      attentionCount={attentionCount}
      signOut={signOutAction}
    >
      {children}
    </ConsoleShell>
  )
}
