'use client'

import { type KeyboardEvent, useActionState, useEffect, useRef, useState } from 'react'
import type { AuthMethod } from '#db/schema/apps'
import { Button, ButtonLink } from '#ui/button'
import { FormErrors } from '#ui/form-messages'
import { Section } from '#ui/section'
import { Steps } from '#ui/steps'
import type { Country } from '../_parts/basic-fields'
import { errorList } from '../_parts/form-errors'
import { KeepForm } from '../_parts/keep-form'
import { connectAction } from './actions'
import { ConnectedPanel } from './connected-panel'
import { PreparedPanel } from './prepared-panel'
import { ChannelStep, ProviderStep, StartStep } from './wizard-steps'

export type WizardCompany = {
  id: string
  name: string
  isSandbox: boolean
  hasApiToken: boolean
  hasApiSecret: boolean
}
export type Way = 'create' | 'connect' | 'application'
/** How an application channel comes to be in Front. */
export type AppWay = 'create' | 'by_hand'
export type WizardApp = { id: string; name: string; companyId: string; authMethod: AuthMethod }

type Props = {
  companies: WizardCompany[]
  apps: WizardApp[]
  countries: readonly Country[]
  addressWarning: string | null
}

const APPLICATION_STEPS = ['Where', 'Channel', 'Provider', 'Connect in Front'] as const
const STEPS = ['Where', 'Channel', 'Provider', 'Keys and addresses'] as const
const LAST = 2

/** Which step a field is on, so that a refusal leads back to it. */
const STEP_OF: Record<string, number> = {
  companyId: 0,
  way: 0,
  appId: 0,
  appWay: 0,
  name: 1,
  inboxId: 1,
  frontChannelId: 1,
  contactType: 1,
  defaultCountry: 1,
}

/** All steps are one form that stays whole: going back and forth, or a refusal, loses nothing. */
export function Wizard({ companies, apps, countries, addressWarning }: Props) {
  const [state, send, pending] = useActionState(connectAction, null)
  const [step, setStep] = useState(0)
  const [furthest, setFurthest] = useState(0)
  const [companyId, setCompanyId] = useState(companies[0]?.id ?? '')
  const company = companies.find((each) => each.id === companyId)
  const [wanted, setWay] = useState<Way>('create')
  const way = company?.hasApiToken || wanted === 'application' ? wanted : 'connect'
  const [wantedAppWay, setAppWay] = useState<AppWay>('create')
  const appWay = company?.hasApiToken ? wantedAppWay : 'by_hand'
  const steps = way === 'application' ? APPLICATION_STEPS : STEPS
  const ownApps = apps.filter((app) => app.companyId === companyId)
  const lacksApp = way === 'application' && ownApps.length === 0
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
  if (state && 'prepared' in state) {
    return (
      <>
        <Steps label="Steps" steps={APPLICATION_STEPS} current={3} />
        <PreparedPanel prepared={state.prepared} addressWarning={company?.isSandbox ? null : addressWarning} />
      </>
    )
  }
  const goTo = (next: number) => {
    if (next > step && (lacksApp || !stepIsValid(form.current, step))) return
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
      <Steps label="Steps" steps={steps} current={step} />
      <KeepForm send={send} onKeyDown={onKeyDown}>
        <div ref={form} className="flex max-w-3xl flex-col gap-5">
          {failed && <FormErrors title={failed.message} errors={errorList(errors)} />}
          <Step index={0} current={step} title="Where does the channel live?">
            <StartStep
              {...{ companies, companyId, setCompanyId, way, setWay, appWay, setAppWay, errors }}
              apps={ownApps}
            />
          </Step>
          <Step index={1} current={step} title={way === 'connect' ? 'The channel in Front' : 'The new channel'}>
            <ChannelStep {...{ company, way, appWay, countries, errors }} shown={furthest >= 1} />
          </Step>
          <Step index={2} current={step} title="The provider behind it">
            <ProviderStep errors={errors} way={way} />
          </Step>
          <div className="flex flex-wrap justify-between gap-2">
            <Button onClick={() => goTo(step - 1)} className={step === 0 ? 'invisible' : ''}>
              Back
            </Button>
            {lacksApp ? (
              <ButtonLink variant="primary" href="/apps/new">
                Register an app
              </ButtonLink>
            ) : step < LAST ? (
              <Button key="next" variant="primary" onClick={() => goTo(step + 1)}>
                Continue
              </Button>
            ) : (
              <Button key="send" type="submit" variant="primary" pending={pending}>
                {sendLabel(way === 'application' ? appWay : way, pending)}
              </Button>
            )}
          </div>
        </div>
      </KeepForm>
    </>
  )
}

function sendLabel(way: Way | AppWay, pending: boolean): string {
  if (way === 'create') return pending ? 'Creating it in Front…' : 'Create the channel'
  if (way === 'by_hand') return pending ? 'Preparing it…' : 'Prepare the channel'
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
