import type { Database } from '#db/client'
import { type AlertDestination, findAlertDestination } from '#db/queries/alert-destinations'
import type { ReportCargo } from '#db/queries/deliveries'
import { emailBody } from '#lib/alerts/email-body'
import { type AlertEvent, alertEvent } from '#lib/alerts/event'
import { livingSecrets, openSettings, type SettingsOf } from '#lib/alerts/settings'
import { slackBody } from '#lib/alerts/slack-body'
import type { DeliveryDeps } from '#lib/delivery/deps'
import { saidWords } from '#lib/delivery/said-words'
import { type Tried, untried } from '#lib/delivery/settlement'
import { tryMail } from '#lib/delivery/try-mail'
import { tryRequest } from '#lib/delivery/try-request'
import { DESTINATION_OFF, DESTINATION_REMOVED } from '#lib/flows/alert-destinations'
import { readRetryAfterMs } from '#lib/front/answers'
import { signWebhook } from '#lib/provider/signature'

export type Alert = { id: string; event: AlertEvent; destination: AlertDestination }

/** What is to be told and to whom, or why nobody wants to know it any more. */
export async function loadAlert(db: Database, { report }: ReportCargo): Promise<Alert | string> {
  const event = alertEvent.safeParse(report.payload)
  if (!event.success) return 'What is to be told was written by another version of Patchbay.'
  const destination = await findAlertDestination(db, report.subjectId)
  if (!destination) return DESTINATION_REMOVED
  if (!destination.enabled && event.data.type !== 'alert.test') return DESTINATION_OFF
  return { id: report.id, event: event.data, destination }
}

/** Tells one destination what its alert says, in the form of its kind. It holds back nobody but itself. */
export async function deliverAlert(deps: DeliveryDeps, alert: Alert): Promise<Tried> {
  const settings = openSettings(alert.destination.settingsSealed, deps.keys)
  if (settings.kind === 'email') return toEmail(deps, alert, settings)
  return settings.kind === 'slack' ? toSlack(deps, alert, settings) : toWebhook(deps, alert, settings)
}

async function toEmail(deps: DeliveryDeps, { id, event, destination }: Alert, { to }: SettingsOf<'email'>) {
  if (!deps.mail) {
    const error = 'Patchbay has no mail server: SMTP_URL and ALERTS_FROM have to be set where it runs.'
    return untried('no_mail_server', 'try_again', error, deps.now())
  }
  return tryMail(deps.mail, { id, to, ...emailBody(event, zoneOf(destination)) }, deps.now())
}

async function toSlack(deps: DeliveryDeps, { event, destination }: Alert, { url }: SettingsOf<'slack'>) {
  const tried = await post(deps, { url, body: slackBody(event, zoneOf(destination)), headers: {} })
  // Whoever knows the address may write there, so an attempt does not show it.
  return { ...tried, row: { ...tried.row, url: tried.row.url && `${new URL(url).origin}/[masked]` } }
}

async function toWebhook(deps: DeliveryDeps, { id, event }: Alert, settings: SettingsOf<'webhook'>) {
  const now = deps.now()
  const body = JSON.stringify(event)
  const headers = { ...signWebhook({ id, body, secrets: livingSecrets(settings, now), now }) }
  const tried = await post(deps, { url: settings.url, body, headers })
  return { ...tried, row: { ...tried.row, url: tried.row.url && withoutQuery(settings.url) } }
}

type Post = { url: string; body: string; headers: Record<string, string> }

async function post(deps: DeliveryDeps, { url, body, headers }: Post): Promise<Tried> {
  const request = { method: 'POST' as const, url, headers: { ...headers, 'content-type': 'application/json' }, body }
  const { tried, answer } = await tryRequest(deps, request, { describe: describeAnswer })
  return { ...tried, askedMs: answer ? readRetryAfterMs(answer.headers['retry-after'], deps.now()) : null }
}

function describeAnswer({ status, body }: { status: number; body: string }): string {
  const said = saidWords(body)
  return `The destination answered with status ${status}${said ? `: ${said}` : '.'}`
}

function withoutQuery(url: string): string {
  const { origin, pathname, search } = new URL(url)
  return `${origin}${pathname}${search ? '?[masked]' : ''}`
}

/** Times are shown in the zone that somebody chose for quiet time. */
function zoneOf({ quietZone }: AlertDestination): string {
  return quietZone ?? 'UTC'
}
