import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import type { Role } from '#db/schema/users'
import { requireUser } from '#lib/auth'
import { AppError } from '#lib/errors'
import type { ConfirmState } from '#ui/confirm-dialog'
import { carrySoon } from '../../_parts/carry-soon'

export const channelForm = z.object({ channelId: z.uuid() })
export const reasonForm = channelForm.extend({
  reason: z.string().trim().min(3, 'Say in a few words why.').max(300, 'Keep it under 300 characters.'),
})

type Doing<Input> = { role: Role; schema: z.ZodType<Input>; form: FormData }
type Who = { actor: string; now: Date }

/** What every action on a channel does around its own work: who, what, do, show anew. */
export async function decide<Input extends { channelId: string }>(
  { role, schema, form }: Doing<Input>,
  work: (input: Input, who: Who) => Promise<string>,
): Promise<ConfirmState> {
  const user = await requireUser(role)
  const input = schema.safeParse(Object.fromEntries(form))
  if (!input.success) return { ok: false, message: input.error.issues[0]?.message ?? 'There is no such channel.' }
  try {
    const message = await work(input.data, { actor: user.email, now: new Date() })
    carrySoon()
    return { ok: true, message }
  } catch (error) {
    if (error instanceof AppError) return { ok: false, message: error.message }
    throw error
  } finally {
    // Also after a refusal: what was refused has usually changed meanwhile, and the page shows how.
    revalidatePath('/channels', 'layout')
  }
}
