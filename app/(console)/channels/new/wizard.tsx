'use client'

import { type KeyboardEvent, useActionState, useEffect, useRef, useState } from 'react'
import { Button } from '#ui/button'
import { FormErrors } from '#ui/form-messages'
import { Section } from '#ui/section'
import { Steps } from '#ui/steps'
import type { Country } from '../_parts/basic-fields'
import { errorList } from '../_parts/form-errors'
import { KeepForm } from '../_parts/keep-form'
import { connectAction } from './actions'
import { ConnectedPanel } from './connected-panel'
import { ChannelStep, ProviderStep, StartStep } from './wizard-steps'

export type WizardCompany = {
  id: string
  name: string
  isSandbox: boolean
  hasApiToken: boolean
  hasApiSecret: boolean
}
export type Way = 'create' | 'connect'

type Props = { companies: WizardCompany[]; countries: readonly Country[]; addressWarning: string | null }

const STEPS = ['Where', 'Channel', 'Provider', 'Keys and addresses'] as const
const LAST = 2

/** Which step a field is on, so that a refusal leads back to it. */
const STEP_OF: Record<string, number> = {
  companyId: 0,
  way: 0,
  name: 1,
  inboxId: 1,
  frontChannelId: 1,
  contactType: 1,
  defaultCountry: 1,
}

/** All steps are one form that stays whole: going back and forth, or a refusal, loses nothing. */
export function Wizard({ companies, countries, addressWarning }: Props) {
  const [state, send, pending] = useActionState(connectAction, null)
  const [step, setStep] = useState(0)
  const [furthest, setFurthest] = useState(0)
  const [companyId, setCompanyId] = useState(companies[0]?.id ?? '')
  const company = companies.find((each) => each.id === companyId)
  const [wanted, setWay] = useState<Way>('create')
  const way = company?.hasApiToken ? wanted : 'connect'
  const form = useRef<HTMLDivElement>(null)
  const failed = state && 'failed' in state ? state.failed : null
  useEffect(() => {
    if (!failed) return
    const steps = Object.keys(failed.errors).map((field) => STEP_OF[field] ?? LAST)
    if (steps.length > 0) setStep(Math.min(...steps))
  }, [failed])
  if (state && 'connected' in state) {
    return (
      <>
        <Steps label="Steps" steps={STEPS} current={3} />
        <ConnectedPanel connected={state.connected} addressWarning={company?.isSandbox ? null : addressWarning} />
      </>
    )
  }
  const goTo = (next: number) => {
    if (next > step && !stepIsValid(form.current, step)) return
    setStep(next)
    setFurthest(Math.max(furthest, next))
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>(`[data-step="${next}"]`)?.focus())
  }
  // Enter in a field means "next", not "send it all", until the last step.
  const onKeyDown = (event: KeyboardEvent) => {
    const inField = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement
    if (event.key !== 'Enter' || step === LAST || !inField) return
    event.preventDefault()
    goTo(step + 1)
  }
  const errors = failed?.errors ?? {}
  return (
    <>
      <Steps label="Steps" steps={STEPS} current={step} />
      <KeepForm send={send} onKeyDown={onKeyDown}>
        <div ref={form} className="flex max-w-3xl flex-col gap-5">
          {failed && <FormErrors title={failed.message} errors={errorList(errors)} />}
          <Step index={0} current={step} title="Where does the channel live?">
            <StartStep {...{ companies, companyId, setCompanyId, way, setWay, errors }} />
          </Step>
          <Step index={1} current={step} title={way === 'create' ? 'The new channel' : 'The channel in Front'}>
            <ChannelStep company={company} way={way} countries={countries} errors={errors} shown={furthest >= 1} />
          </Step>
          <Step index={2} current={step} title="The provider behind it">
            <ProviderStep errors={errors} />
          </Step>
          <div className="flex flex-wrap justify-between gap-2">
            <Button onClick={() => goTo(step - 1)} className={step === 0 ? 'invisible' : ''}>
              Back
            </Button>
            {step < LAST ? (
              <Button key="next" variant="primary" onClick={() => goTo(step + 1)}>
                Continue
              </Button>
            ) : (
              <Button key="send" type="submit" variant="primary" pending={pending}>
                {sendLabel(way, pending)}
              </Button>
            )}
          </div>
        </div>
      </KeepForm>
    </>
  )
}

function sendLabel(way: Way, pending: boolean): string {
  if (way === 'create') return pending ? 'Creating it in Front…' : 'Create the channel'
  return pending ? 'Connecting…' : 'Connect the channel'
}

type StepProps = { index: number; current: number; title: string; children: React.ReactNode }

function Step({ index, current, title, children }: StepProps) {
  return (
    <fieldset
      hidden={index !== current}
      tabIndex={-1}
      data-step={index}
      aria-label={title}
      className="min-w-0 outline-none"
    >
      <Section title={title}>
        <div className="flex flex-col gap-6">{children}</div>
      </Section>
    </fieldset>
  )
}

/** The browser's own checks of the fields that are in view; it points at the first that is wrong. */
function stepIsValid(form: HTMLElement | null, step: number): boolean {
  const fields = form?.querySelectorAll<HTMLInputElement>(`[data-step="${step}"] :is(input, select, textarea)`) ?? []
  return [...fields].every((field) => field.reportValidity())
}
