import { findSandboxFile } from '#db/queries/sandbox-messages'
import type { SandboxDeps } from '#lib/sandbox/deps'
import { storageSignature } from '#lib/sandbox/identity'
import { constantTimeEqual } from '#lib/secrets'

/** The storage behind Front's downloads: a signed address opens it, and a token beside that is an error (T21). */
export async function answerStorageCall(request: Request, fileId: string, deps: SandboxDeps): Promise<Response> {
  if (request.headers.has('authorization')) {
    const message = 'Only one auth mechanism allowed; the address is signed already, so send no Authorization header.'
    return refuse(400, 'InvalidArgument', message)
  }
  const query = new URL(request.url).searchParams
  const expiresS = Number(query.get('expires'))
  const signature = query.get('signature') ?? ''
  const isSigned = deps.keys.some((key) => constantTimeEqual(signature, storageSignature(fileId, expiresS, key)))
  if (!isSigned || !(deps.now.getTime() < expiresS * 1000)) return refuse(403, 'AccessDenied', 'Request has expired')
  const file = await findSandboxFile(deps.db, fileId)
  if (!file) return refuse(404, 'NoSuchKey', 'The specified key does not exist.')
  return new Response(new Uint8Array(file.bytes), {
    headers: {
      'content-type': file.contentType,
      'content-length': String(file.size),
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.filename)}`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    },
  })
}

const LIFE_S = 300

/** An address of a file in the storage, which works without a token for five to ten minutes. */
export function signedStorageUrl(
  { publicUrl, keys, now }: Pick<SandboxDeps, 'publicUrl' | 'keys' | 'now'>,
  fileId: string,
): string {
  // To a whole five minutes, so that a page which is drawn again shows the same address.
  const expiresS = (Math.floor(now.getTime() / 1000 / LIFE_S) + 2) * LIFE_S
  const signature = storageSignature(fileId, expiresS, keys[0])
  return `${publicUrl}/sandbox/storage/${fileId}?expires=${expiresS}&signature=${signature}`
}

function refuse(status: number, code: string, message: string): Response {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`
  return new Response(body, { status, headers: { 'content-type': 'application/xml' } })
}
