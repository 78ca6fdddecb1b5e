import type { Direction } from '#db/schema/targets'

export type RequestWords = { title: string; fix: string }

/** Who called: the provider (inbound), Front for a custom channel (outbound), or Front for an app. */
export type Caller = Direction | 'app'

type Words = RequestWords | Record<Caller, RequestWords>

/** Why a call did not become a message, and what whoever sent it can do, by code. */
const WORDS: Record<string, Words> = {
  bad_request: {
    title: 'The body could not be read',
    fix: 'Send well-formed JSON, or a complete multipart form, and name the right Content-Type.',
  },
  bad_signature: {
    inbound: {
      title: 'The signature did not match',
      fix: 'Sign with the newest signing secret of the channel, over the exact bytes that are sent, with the clock right to five minutes.',
    },
    outbound: {
      title: 'Front’s signature did not match',
      fix: 'Compare the API secret in Settings with the one in Front (Settings, Developers). If it was renewed there, enter the new one.',
    },
    app: {
      title: 'Front’s signature did not match',
      fix: 'Compare the app secret with the one in Front (the app’s Basic information). It is not the OAuth client secret. The page of the app tests a signature.',
    },
  },
  unauthenticated: {
    inbound: {
      title: 'No valid key',
      fix: 'Send the channel’s incoming key as “Authorization: Bearer …”. A key that was rotated ends after its overlap.',
    },
    outbound: {
      title: 'Not signed by Front',
      fix: 'Only Front should call this address. If it was Front, check that nothing in between removes its headers.',
    },
    app: {
      title: 'Front’s connect key is missing or has ended',
      fix: 'Make a connect key on the page of the app. In Front open the channel’s settings, connect it again and enter that key, or sign in again where the app uses OAuth.',
    },
  },
  forbidden: {
    title: 'A credential for something else',
    fix: 'Give every channel in Front its own connect key, and connect each channel by one app only.',
  },
  not_found: {
    title: 'Nothing by that name',
    fix: 'Copy the URL anew from the channel’s page. Where the call names a message or a phone call, check that it was brought to this channel before.',
  },
  method_not_allowed: { title: 'Wrong kind of call', fix: 'Use the method that the documentation names, mostly POST.' },
  conflict: {
    title: 'It contradicts what is here',
    fix: 'An external_id names one message, or one phone call, for ever. Give every one its own; send a repeat unchanged.',
  },
  duplicate: {
    title: 'Repeated: already here',
    fix: 'Nothing to do. It was stored the first time; the repeat was answered the same and left out.',
  },
  echo: {
    title: 'Our own message, coming back',
    fix: 'Nothing to do. Many providers tell of every message that goes out; this one was brought by Patchbay itself.',
  },
  payload_too_large: {
    title: 'Too large',
    fix: 'Send smaller files, or raise the limit in the settings of the channel (Front itself takes up to 25 MB). JSON without files may have 4 MB.',
  },
  unsupported_media_type: {
    title: 'A format that is not taken',
    fix: 'Send application/json, or multipart/form-data when there are files.',
  },
  invalid_input: {
    title: 'Fields are missing or wrong',
    fix: 'Correct the fields that are listed and send the message again.',
  },
  rate_limited: {
    title: 'Too many calls',
    fix: 'Wait as long as the answer’s Retry-After says, then send again. The limit is in the settings of the channel.',
  },
  receive_only: {
    title: 'A reply on a channel that cannot carry any',
    fix: 'Set the channel’s reply mode in Front to “Cannot reply”, or enter a provider URL in the settings of the channel. The reply was not sent to the customer.',
  },
  application_only: {
    title: 'Not for a custom channel',
    fix: 'Send this to a channel of a Front app. On a custom channel, send only what customers write.',
  },
  channel_disabled: {
    title: 'The channel is switched off',
    fix: 'Use the URL of a channel that is in use, or connect this one again.',
  },
  unavailable: {
    title: 'Patchbay could not take it just then',
    fix: 'Send it again. If this happens often, show it to the person who runs Patchbay.',
  },
  internal_error: {
    title: 'A fault in Patchbay',
    fix: 'Send it again. If it fails again, give the id of this request to the person who runs Patchbay.',
  },
  oauth_sign_in: {
    title: 'A sign-in that leads nowhere',
    fix: 'If it came from Front, compare the client ID, and allow the host that the link names in the settings of the app. If Front has changed its address, forget the one before there.',
  },
  oauth_invalid_client: {
    title: 'Front’s OAuth client is not right',
    fix: 'Compare the client ID in Front with the one on the page of the app. If the client secret is lost, make a new one in the settings of the app and paste it into Front.',
  },
  oauth_invalid_grant: {
    title: 'A code or token that is not good any more',
    fix: 'In Front, connect the channel again. A code works once and for a minute; a refresh token ends when its connection is revoked.',
  },
  oauth_invalid_request: {
    title: 'An OAuth call that could not be read',
    fix: 'Check that the URLs in the app’s settings in Front are those on the page of the app. Read the message below.',
  },
  oauth_unauthorized_client: {
    title: 'A client that may not ask for this',
    fix: 'Give Front the app’s client to sign people in, and a connection’s id with its connect key as client credentials.',
  },
  oauth_unsupported_grant_type: {
    title: 'A kind of grant that is not taken',
    fix: 'Choose OAuth 2 with authorization code, client credentials or password in the app’s settings in Front.',
  },
  oauth_slow_down: {
    title: 'Too many calls with a wrong client',
    fix: 'Compare the client ID and secret in Front with those of the app, then wait a little.',
  },
  oauth_server_error: {
    title: 'A fault in Patchbay while Front signed in',
    fix: 'Connect the channel again. If it fails again, give the id of this request to the person who runs Patchbay.',
  },
}

/** Codes to choose from in a filter, with their title. */
export const REQUEST_CODES = Object.keys(WORDS)

/** Who made a call that was kept. */
export function callerOf({ appId, direction }: { appId: string | null; direction: Direction }): Caller {
  return appId === null ? direction : 'app'
}

/** The plain words for a code. */
export function requestWords(code: string, caller: Caller): RequestWords {
  const words = WORDS[code]
  if (!words) return { title: code.replaceAll('_', ' '), fix: 'Read the message below.' }
  return 'fix' in words ? words : words[caller]
}
