import { SignatureError, type SignatureFault } from '#lib/front/signature'

type Owner = 'company' | 'app'

const NO_SECRET: Record<Owner, string> = {
  company:
    'Patchbay has no API secret for this Front company, so no call from Front can be verified. An administrator adds it in Settings.',
  app: 'Patchbay has no secret for this app, so no call from Front can be verified. An administrator adds it on the app’s page.',
}

const NO_MATCH: Record<Owner, string> = {
  company: 'The signature does not match: check the API secret of this Front company in Settings.',
  app: 'The signature does not match: check the app secret on the app’s page. It is the secret from the app’s Basic information in Front, not the OAuth client secret and not the API secret.',
}

const MALFORMED: Record<Owner, string> = {
  company: 'X-Front-Signature is not a Base64 HMAC of a known length.',
  app: 'X-Front-Signature is not a Base64 HMAC-SHA256, which is what Front signs an app’s calls with.',
}

const NO_TIMESTAMP = 'The signature is of the kind that needs X-Front-Request-Timestamp, and that header is missing.'

/** Why Front's signature was refused, for signed-in people; null for any other error. */
export function describeSignatureFault(error: unknown, owner: Owner = 'company'): string | null {
  return error instanceof SignatureError ? faultWords(error.reason, owner) : null
}

function faultWords(fault: SignatureFault, owner: Owner): string {
  switch (fault) {
    case 'no_signature':
      return 'The call has no X-Front-Signature, so it did not come from Front or something on the way removed it.'
    case 'no_secret':
      return NO_SECRET[owner]
    case 'malformed_signature':
      return MALFORMED[owner]
    case 'no_timestamp':
      return NO_TIMESTAMP
    case 'malformed_timestamp':
      return 'X-Front-Request-Timestamp is not a number.'
    case 'stale_timestamp':
      return 'X-Front-Request-Timestamp is more than five minutes away from our clock.'
    case 'no_match':
      return NO_MATCH[owner]
  }
}
