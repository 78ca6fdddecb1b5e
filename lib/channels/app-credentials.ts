import type { AuthMethod } from '#db/schema/apps'
import type { ChannelCredentials } from '#lib/front/requests'

/** A connect key in the clear, with the user name that goes beside it where Front asks for one. */
export type ConnectKey = { user: string; key: string }

/**
 * What Front is handed to call us with, in the shape that the app's way of signing in has in Front's create-channel call.
 * Null where a person signs in there, or nobody needs to.
 */
export function channelCredentials(authMethod: AuthMethod, connectKey: ConnectKey | null): ChannelCredentials | null {
  if (connectKey === null) return null
  const { user, key } = connectKey
  switch (authMethod) {
    case 'api_token':
      return { access_token: key }
    case 'api_key':
      return { api_key: key }
    case 'basic':
    case 'password':
      return { username: user, password: key }
    case 'client_credentials':
      return { client_id: user, client_secret: key }
    case 'oauth':
    case 'none':
      return null
  }
}
