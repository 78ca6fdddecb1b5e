import { AppError } from '#lib/errors'

/** `what` ends the sentence "the limit for ...". */
export type BodyLimit = { bytes: number; what: string }

/** A request's body, read only as far as somebody asks. */
export type RequestBody = {
  /** All of it, byte for byte. Stops reading at the limit. @throws AppError `payload_too_large`, or `bad_request` when it breaks off */
  read: (limit: BodyLimit) => Promise<Buffer>
  /** Its first bytes, for the log; never throws, and reads nothing when enough has been read already. */
  start: (bytes: number) => Promise<Buffer>
  /** Bytes announced by the caller, or seen so far. */
  size: () => number
  /** Stops the upload of whatever nobody read. */
  close: () => Promise<void>
}

export function openBody(request: Request): RequestBody {
  const announced = announcedLength(request)
  const reader = request.body?.getReader()
  const chunks: Uint8Array[] = []
  let seen = 0
  let ended = reader === undefined

  async function fill(until: number): Promise<void> {
    while (!ended && seen < until) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
      if (value) {
        chunks.push(value)
        seen += value.byteLength
      }
      ended = done
    }
  }

  return {
    read: async (limit) => {
      if (announced > limit.bytes) throw tooLarge(limit)
      await fill(limit.bytes + 1).catch((cause: unknown) => {
        ended = true
        throw new AppError('bad_request', 'The body broke off before its end.', { cause })
      })
      if (seen > limit.bytes) throw tooLarge(limit)
      return Buffer.concat(chunks, seen)
    },
    start: async (bytes) => {
      await fill(bytes).catch(() => {
        ended = true
      })
      return Buffer.concat(chunks, seen).subarray(0, bytes)
    },
    size: () => Math.max(announced, seen),
    close: async () => {
      if (!ended) await reader?.cancel().catch(() => {})
      ended = true
    },
  }
}

function announcedLength(request: Request): number {
  const header = request.headers.get('content-length')
  return header && /^\d{1,15}$/.test(header) ? Number(header) : 0
}

function tooLarge({ bytes, what }: BodyLimit): AppError {
  return new AppError('payload_too_large', `The body is larger than ${inWords(bytes)}, the limit for ${what}.`)
}

function inWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`
  const [amount, unit] = bytes < 1_000_000 ? [bytes / 1000, 'kB'] : [bytes / 1_000_000, 'MB']
  return `${Number(amount.toFixed(2))} ${unit}`
}
