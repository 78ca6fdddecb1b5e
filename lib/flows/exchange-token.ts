import type { Database, Transaction } from '#db/client'
import type { App } from '#db/queries/apps'
import { recordAuditEvent } from '#db/queries/audit-events'
import { pinRedirect } from '#db/queries/oauth-tokens'
import type { ShownClient } from '#lib/oauth/client'
import { OAuthRefusal, wrongClient } from '#lib/oauth/refusal'
import { type IssuedTokens, issueTokens } from '#lib/oauth/server'

type Exchange = {
  app: App
  client: ShownClient
  fields: Record<string, string>
  /** Our own origin where the sandbox plays Front, which is not remembered as Front's; null elsewhere. */
  ownOrigin: string | null
  now: Date
}

/**
 * Gives Front tokens for what it shows (F9). A code is used up by the first who shows it, whatever comes of it, and one
 * that comes again takes back what it gave. The first code of an app that is exchanged settles where sign-ins lead back to.
 * @throws OAuthRefusal
 */
export async function exchangeToken(db: Database, exchange: Exchange): Promise<IssuedTokens> {
  const outcome = await db.transaction(async (tx) => {
    try {
      return await exchangeIn(tx, exchange)
    } catch (error) {
      // Handed on as a value: what a refusal uses up and takes back has to stay so.
      if (error instanceof OAuthRefusal) return error
      throw error
    }
  })
  if (outcome instanceof OAuthRefusal) throw outcome
  return outcome
}

async function exchangeIn(tx: Transaction, { app, client, fields, ownOrigin, now }: Exchange): Promise<IssuedTokens> {
  const { id, secret, form } = client
  if (secret === null && fields.grant_type !== 'password') throw wrongClient()
  // We know no scopes: what Front asks for beside a code neither adds to nor takes from it.
  const { scope: _scope, client_id: _id, client_secret: _secret, ...rest } = fields
  const shown = { ...rest, client_id: id ?? app.oauthClientId, ...(secret === null ? {} : { client_secret: secret }) }
  const issued = await issueTokens({ tx, app, now }, shown)
  if (fields.grant_type === 'authorization_code') {
    await completeSignIn(tx, { app, redirectUri: fields.redirect_uri ?? '', ownOrigin, issued, form })
  }
  return issued
}

type Completed = Pick<Exchange, 'app' | 'ownOrigin'> & {
  redirectUri: string
  issued: IssuedTokens
  form: ShownClient['form']
}

async function completeSignIn(tx: Transaction, { app, redirectUri, ownOrigin, issued, form }: Completed) {
  if (new URL(redirectUri).origin !== ownOrigin) await pinRedirect(tx, { appId: app.id, redirectUri })
  const { connectionId } = issued.granted
  // Front documents neither its redirect address nor how it shows the client.
  const details = { app: app.name, redirectUri, clientShownBy: form }
  await recordAuditEvent(tx, { actor: 'front', action: 'connection.complete', subjectId: connectionId, details })
}
