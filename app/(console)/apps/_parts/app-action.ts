import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { requireUser } from '#lib/auth'
import { type FormState, invalidForm, refusal } from '#lib/forms/form-state'

export const appForm = z.object({ appId: z.uuid('There is no such app.') })

type Who = { actor: string; now: Date }

/** What every action on an app does around its own work: admins only, read the form, do, show anew. */
export async function changeApp<Input>(
  { schema, form }: { schema: z.ZodType<Input>; form: FormData },
  work: (input: Input, who: Who) => Promise<string>,
): Promise<FormState> {
  const user = await requireUser('admin')
  const input = schema.safeParse(Object.fromEntries(form))
  if (!input.success) return invalidForm(input.error)
  try {
    return { ok: true, message: await work(input.data, { actor: user.email, now: new Date() }) }
  } catch (error) {
    return refusal(error)
  } finally {
    // Also after a refusal: what was refused has usually changed meanwhile.
    revalidatePath('/apps', 'layout')
  }
}
