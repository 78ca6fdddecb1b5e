import { getAppByKey } from '#db/queries/apps'
import type { Role } from '#db/schema/users'
import type { EndpointDeps } from '#lib/endpoints/deps'
import { AppError } from '#lib/errors'
import { grantConnection } from '#lib/flows/grant-connection'
import { openBody } from '#lib/http/read-body'
import { respond } from '#lib/http/respond'
import { type AuthorizationRequest, leadBack, readAuthorization } from '#lib/oauth/authorization'
import { type ConsentProblem, consentPath, readChoice, readDraft } from '#lib/oauth/consent'
import { atLeastRole } from '#lib/roles'

const LIMIT = { bytes: 40_000, what: 'this form' }

type Params = {
  appKey: string
  /** Whoever is signed in on this browser. */
  person: { email: string; role: Role } | null
}

/**
 * `POST /oauth/{appKey}/authorize/decide`, from the page that asks for consent: leads the browser back to Front with a code or
 * a refusal, else to the page again, which says what is wrong.
 */
export function oauthConsentEndpoint(
  request: Request,
  { appKey, person }: Params,
  deps: EndpointDeps,
): Promise<Response> {
  return respond('oauth:consent', async () => {
    requireOwnForm(request)
    const body = await openBody(request).read(LIMIT)
    const fields = Object.fromEntries(new URLSearchParams(body.toString('utf8')))
    const app = await getAppByKey(deps.db, appKey)
    if (!app) throw new AppError('not_found', 'There is no app at this address.')
    const asked = readAuthorization({ app, ownOrigin: deps.sandboxOrigin, query: fields })
    // The page finds the same fault, and says so.
    if (typeof asked === 'string') return goTo(303, consentPath(appKey, untrusted(fields)))
    if (!person) return goTo(303, consentPath(appKey, asked))
    if (fields.decision !== 'allow') return goTo(302, leadBack(asked, { error: 'access_denied' }))
    if (!atLeastRole(person.role, 'admin')) return goTo(303, consentPath(appKey, asked))
    const draft = readDraft(fields)
    const again = (problem: ConsentProblem) => goTo(303, consentPath(appKey, asked, { ...draft, problem }))
    const choice = readChoice(app, draft)
    if (typeof choice === 'string') return again(choice)
    const grant = { appId: app.id, request: asked, choice, ownOrigin: deps.sandboxOrigin, actor: person.email }
    try {
      return goTo(302, await grantConnection(deps.db, { ...grant, now: deps.now() }))
    } catch (error) {
      return again(problemOf(error))
    }
  })
}

/** The session's cookie stays away from other sites' forms; this holds even where a browser would send it. */
function requireOwnForm({ headers }: Request): void {
  const site = headers.get('sec-fetch-site')
  const origin = headers.get('origin')
  const isOwn = site ? site === 'same-origin' : origin !== null && URL.parse(origin)?.host === headers.get('host')
  if (!isOwn)
    throw new AppError('forbidden', 'This form can be sent from its own page only. Open the link in Front again.')
}

/** @throws whatever is no refusal of ours */
function problemOf(error: unknown): ConsentProblem {
  if (!(error instanceof AppError) || error.status >= 500) throw error
  return error.details.some(({ path }) => path === 'address') ? 'taken' : 'gone'
}

/** What cannot be read goes on to the page as it came, as far as it is known by name. */
function untrusted({ redirect_uri: uri = '', client_id: client, response_type: type }: Record<string, string>) {
  return { redirect_uri: uri, client_id: client, response_type: type } satisfies Partial<AuthorizationRequest>
}

function goTo(status: 302 | 303, location: string): Response {
  return new Response(null, {
    status,
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
  })
}
