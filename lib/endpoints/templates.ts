import {
  type LastReport,
  listLastReports,
  listLastResults,
  listTemplates,
  type MessageTemplate,
} from '#db/queries/templates'
import { describeReport } from '#lib/endpoints/describe-report'
import {
  keepDuplicate,
  type ProviderCall,
  type ProviderVisit,
  providerCall,
  readJsonCall,
  requireApplication,
} from '#lib/endpoints/provider-call'
import { startDelivery } from '#lib/endpoints/start-delivery'
import { patchTemplate } from '#lib/flows/patch-template'
import { type SavedTemplate, saveTemplate } from '#lib/flows/save-template'
import { toTemplate } from '#lib/templates/columns'
import { parseTemplate, parseTemplateChange } from '#lib/templates/fields'

const WHAT = 'message templates'
const PAGE = { default: 100, most: 500 }

/**
 * `PUT /api/channels/{key}/templates/{id}`, or PUT or POST without an id in the address: a provider gives a message
 * template, new or in place of the one with its id. 202 once it is stored.
 */
export function putTemplateEndpoint(visit: ProviderVisit, externalId: string): Promise<Response> {
  return providerCall(visit, async (call) => {
    requireApplication(call, WHAT)
    const template = parseTemplate(await readJsonCall(call), externalId || null)
    const { deps, door } = call
    const save = { channelId: door.id, template, actor: 'provider', now: deps.now() }
    return toSavedAnswer(call, await saveTemplate(deps.db, save))
  })
}

/** `PATCH /api/channels/{key}/templates/{id}`: a provider changes some fields of a message template. */
export function patchTemplateEndpoint(visit: ProviderVisit, externalId: string): Promise<Response> {
  return providerCall(visit, async (call) => {
    requireApplication(call, WHAT)
    const change = parseTemplateChange(await readJsonCall(call), externalId)
    const { deps, door } = call
    const patch = { channelId: door.id, externalId, change, actor: 'provider', now: deps.now() }
    return toSavedAnswer(call, await patchTemplate(deps.db, patch))
  })
}

/**
 * `GET /api/channels/{key}/templates`: the channel's message templates by id, with how telling Front of each went.
 * `?after=` goes on where `next` of the page before says, `?limit=` is up to 500.
 */
export function listTemplatesEndpoint(visit: ProviderVisit): Promise<Response> {
  return providerCall(visit, async (call) => {
    requireApplication(call, WHAT)
    const { searchParams } = new URL(call.request.url)
    const asked = Number(searchParams.get('limit') ?? PAGE.default)
    const limit = Number.isInteger(asked) && asked > 0 ? Math.min(asked, PAGE.most) : PAGE.default
    const after = searchParams.get('after')?.replaceAll('\0', '') ?? ''
    const rows = await listTemplates(call.deps.db, { channelId: call.door.id, after, limit: limit + 1 })
    const shown = rows.slice(0, limit)
    const next = rows.length > limit ? (shown.at(-1)?.externalId ?? null) : null
    return Response.json({ templates: await describe(call, shown), next }, { headers: { 'cache-control': 'no-store' } })
  })
}

async function toSavedAnswer(call: ProviderCall, { template, changed }: SavedTemplate): Promise<Response> {
  if (changed) startDelivery(call.deps)
  else await keepDuplicate(call, { messageId: null })
  const [described] = await describe(call, [template])
  return Response.json({ status: 'accepted', changed, template: described }, { status: 202 })
}

async function describe({ deps }: ProviderCall, templates: MessageTemplate[]) {
  if (templates.length === 0) return []
  const ids = templates.map(({ id }) => id)
  const [last, results] = await Promise.all([listLastReports(deps.db, ids), listLastResults(deps.db, ids)])
  return templates.map((template) => ({
    ...toTemplate(template),
    updated_at: template.updatedAt,
    front: { template_id: readTemplateId(results.get(template.id)), ...toldState(last.get(template.id)) },
  }))
}

function toldState(report: LastReport | undefined) {
  return report ? describeReport(report) : null
}

function readTemplateId(result: unknown): unknown {
  return typeof result === 'object' && result !== null && 'template_id' in result ? result.template_id : null
}
