import type { ReportWork } from '#lib/delivery/carry'
import type { DeliveryDeps } from '#lib/delivery/deps'
import { frontAccess } from '#lib/delivery/front-access'
import { reportRequest } from '#lib/delivery/report-request'
import { noApiToken, type Tried, untried } from '#lib/delivery/settlement'
import { limitsOf } from '#lib/delivery/to-front'
import { tryRequest } from '#lib/delivery/try-request'
import { describeError } from '#lib/front/answers'
import { readTemplateId } from '#lib/front/templates'

/** Tells Front what a report says. What Front answers to a template is kept beside it. */
export async function deliverReport(deps: DeliveryDeps, { cargo, route }: ReportWork): Promise<Tried> {
  const access = await frontAccess(deps, route)
  if (!access) return noApiToken(deps.now())
  const request = await reportRequest(deps.db, { cargo, route, access })
  if (typeof request === 'string') return untried('nothing_to_tell', 'give_up', request, deps.now())
  const { tried, answer } = await tryRequest(deps, request, { describe: describeError })
  if (!answer) return tried
  const templateId = cargo.report.kind.startsWith('template_') ? readTemplateId(answer) : null
  return { ...tried, ...limitsOf(answer, deps.now()), result: templateId && { template_id: templateId } }
}
