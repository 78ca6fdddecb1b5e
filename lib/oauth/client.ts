/** The client that a call shows, and where: by Basic, in the body, or not at all. */
export type ShownClient = { form: 'basic' | 'body' | 'none'; id: string | null; secret: string | null }

/**
 * Reads the client's id and secret; Front does not say in which of the two ways it sends them. The address names the
 * app already, so a secret in the body may come without the id.
 */
export function readClient(authorization: string | null, fields: Record<string, string>): ShownClient {
  const basic = /^basic +([\w+/=-]+) *$/i.exec(authorization ?? '')?.[1]
  if (basic) {
    const [id = '', ...secret] = Buffer.from(basic, 'base64').toString('utf8').split(':')
    return { form: 'basic', id, secret: secret.join(':') || null }
  }
  const { client_id: id, client_secret: secret } = fields
  const isShown = Boolean(id || secret)
  return { form: isShown ? 'body' : 'none', id: id || null, secret: secret || null }
}
