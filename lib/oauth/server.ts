import OAuth2Server from '@node-oauth/oauth2-server'
import {
  ACCESS_LIFETIME_S,
  CODE_LIFETIME_S,
  type Granted,
  oauthModel,
  type Place,
  REFRESH_LIFETIME_S,
} from '#lib/oauth/model'
import { OAuthRefusal } from '#lib/oauth/refusal'

type Fields = Record<string, string>

/**
 * A new code for what a person allowed. `request` is what Front asked for (RFC 6749, 4.1.1; RFC 7636).
 * @throws OAuthRefusal for what Front may not ask, such as an unsafe challenge
 */
export async function issueCode(place: Omit<Place, 'at'>, request: Fields, granted: Granted): Promise<string> {
  // The state is ours to hand back: the library refuses what RFC 6749 does not allow in it, and Front's is unknown.
  const { state: _state, ...asked } = request
  const query = { ...asked, client_id: place.app.oauthClientId, response_type: 'code' }
  const library = oauthServer({ ...place, at: 'authorize' })
  const code = await refusing(() =>
    library.authorize(new OAuth2Server.Request({ method: 'GET', headers: {}, query }), new OAuth2Server.Response(), {
      authenticateHandler: { handle: () => granted },
    }),
  )
  return code.authorizationCode
}

export type IssuedTokens = { accessToken: string; refreshToken: string | null; granted: Granted }

/**
 * Tokens for a code, a refresh token, or a connect key. `fields` name the client.
 * @throws OAuthRefusal
 */
export async function issueTokens(place: Omit<Place, 'at'>, fields: Fields): Promise<IssuedTokens> {
  const library = oauthServer({ ...place, at: 'token' })
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '1' }
  const request = new OAuth2Server.Request({ method: 'POST', headers, query: {}, body: fields })
  const token = await refusing(() => library.token(request, new OAuth2Server.Response()))
  // The only user that this server knows.
  return { accessToken: token.accessToken, refreshToken: token.refreshToken ?? null, granted: token.user as Granted }
}

function oauthServer(place: Place): OAuth2Server {
  return new OAuth2Server({
    model: oauthModel(place),
    accessTokenLifetime: ACCESS_LIFETIME_S,
    refreshTokenLifetime: REFRESH_LIFETIME_S,
    authorizationCodeLifetime: CODE_LIFETIME_S,
    allowEmptyState: true,
    requireClientAuthentication: { password: false },
  })
}

/** Runs the library: its refusals in our words, and whatever broke below it as it was. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof OAuth2Server.OAuthError)) throw error
    if ('inner' in error && !(error.inner instanceof OAuth2Server.OAuthError)) throw error.inner
    throw toRefusal(error)
  }
}

const LIBRARY_PREFIX = /^[A-Z][a-z ]+: /

function toRefusal({ name, message, code }: OAuth2Server.OAuthError): OAuthRefusal {
  // A redirect address that differs is a fault of the grant (RFC 6749, 5.2), a client that is not ours always has 401.
  const isGrant = name === 'invalid_request' && message.includes('redirect_uri')
  const status = name === 'invalid_client' ? 401 : code
  return new OAuthRefusal(isGrant ? 'invalid_grant' : name, message.replace(LIBRARY_PREFIX, ''), { status })
}
