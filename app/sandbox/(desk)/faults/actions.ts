'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { deleteSandboxFaults, putSandboxFault } from '#db/queries/sandbox-faults'
import { putSandboxSettings } from '#db/queries/sandbox-settings'
import { requireUser } from '#lib/auth'
import { AppError } from '#lib/errors'
import { FAULT_KINDS, faultOptions } from '#lib/sandbox/faults'
import { sandboxDeps } from '../../_parts/deps'
import { attempt, type FormState } from '../../_parts/form-state'

const switchName = z
  .object({ side: z.enum(['front', 'provider']), kind: z.string() })
  .refine(({ side, kind }) => FAULT_KINDS[side].some((known) => known === kind), 'There is no such switch.')

const amount = z.object({
  mode: z.enum(['count', 'percent']),
  amount: z.coerce.number().int().min(1).max(1000),
  everyCall: z.literal('on').optional(),
})

const settingsForm = z.object({
  visibleDelayS: z.coerce.number().min(0).max(10),
  requestsPerMinute: z.coerce.number().int().min(0).max(400),
})

export async function switchOnAction(_previous: FormState, form: FormData): Promise<FormState> {
  const deps = await sandboxDeps()
  await requireUser('support')
  const fields = Object.fromEntries(form)
  const state = await attempt(form, async () => {
    const parsed = amount.safeParse(fields)
    if (!parsed.success) throw new AppError('invalid_input', 'How many? Give a whole number from 1 to 1000.')
    const { mode, amount: value, everyCall } = parsed.data
    if (mode === 'percent' && value > 100) throw new AppError('invalid_input', 'There are at most 100 %.')
    await putSandboxFault(deps.db, {
      ...switchName.parse(fields),
      remaining: mode === 'count' ? value : null,
      percent: mode === 'percent' ? value : null,
      everyCall: everyCall === 'on',
      options: faultOptions.parse(fields),
    })
    return undefined
  })
  revalidatePath('/sandbox', 'layout')
  return state
}

export async function switchOffAction(form: FormData): Promise<void> {
  const deps = await sandboxDeps()
  await requireUser('support')
  await deleteSandboxFaults(deps.db, switchName.parse(Object.fromEntries(form)))
  revalidatePath('/sandbox', 'layout')
}

export async function resetFaultsAction(): Promise<void> {
  const deps = await sandboxDeps()
  await requireUser('support')
  await deleteSandboxFaults(deps.db, null)
  revalidatePath('/sandbox', 'layout')
}

export async function saveSettingsAction(_previous: FormState, form: FormData): Promise<FormState> {
  const deps = await sandboxDeps()
  await requireUser('support')
  const state = await attempt(form, async () => {
    const parsed = settingsForm.safeParse(Object.fromEntries(form))
    if (!parsed.success) throw new AppError('invalid_input', 'The delay is 0 to 10 seconds, the limit 0 to 400 calls.')
    const { visibleDelayS, requestsPerMinute } = parsed.data
    await putSandboxSettings(deps.db, { visibleDelayMs: Math.round(visibleDelayS * 1000), requestsPerMinute })
    return 'Saved.'
  })
  revalidatePath('/sandbox/faults')
  return state
}
