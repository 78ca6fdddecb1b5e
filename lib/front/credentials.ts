/** The form in which a credential was shown: Front documents one of them, and what an app's other choices send is unknown. */
export type CredentialForm = 'bearer' | 'basic' | 'api_key_header' | 'bare'

export type ShownCredential = { form: CredentialForm; token: string }

const LONGEST_TOKEN = 512

/**
 * What a call shows as its credential: every token that it may mean, the likeliest first. A Basic user name may be the
 * token as well as the password.
 */
export function readCredentials(headers: Headers): ShownCredential[] {
  const authorization = headers.get('authorization')?.trim() ?? ''
  const bearer = /^bearer\s+(.+)$/is.exec(authorization)?.[1]
  const basic = /^basic\s+([\w+/=-]+)$/i.exec(authorization)?.[1]
  const apiKey = headers.get('x-api-key')?.trim()
  const shown: ShownCredential[] = []
  const add = (form: CredentialForm, token: string | undefined) => {
    if (token && token.length <= LONGEST_TOKEN) shown.push({ form, token })
  }
  if (bearer) add('bearer', bearer.trim())
  else if (basic) for (const token of readBasic(basic)) add('basic', token)
  else add('bare', authorization)
  add('api_key_header', apiKey)
  return shown
}

function readBasic(encoded: string): string[] {
  const [user = '', ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  return [password.join(':'), user]
}
