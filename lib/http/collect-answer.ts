import type { HttpAnswer } from '#lib/http/http-result'

type RawHeaders = Record<string, string | string[] | undefined>

/** Puts an answer together from its pieces, keeping the first `keptBytes` of its body. */
export function collectAnswer(keptBytes: number) {
  const kept: Buffer[] = []
  let head: Pick<HttpAnswer, 'status' | 'headers'> | null = null
  let bytes = 0
  return {
    hasStarted: () => head !== null,
    start(status: number, headers: RawHeaders): void {
      // 1xx are announcements; the answer is still to come.
      if (status >= 200) head = { status, headers: flattenHeaders(headers) }
    },
    /** Returns how many bytes have come so far. */
    add(chunk: Buffer): number {
      if (bytes < keptBytes) kept.push(chunk.subarray(0, keptBytes - bytes))
      bytes += chunk.length
      return bytes
    },
    read(): HttpAnswer | null {
      if (!head) return null
      const cut = bytes > keptBytes
      const text = Buffer.concat(kept).toString('utf8').replaceAll('\u0000', '')
      // The cut may have split a character.
      return { ...head, body: cut ? text.replace(/\uFFFD$/, '') : text, bytes, cut }
    },
  }
}

export function flattenHeaders(headers: RawHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value ?? []].flat().join(', ')]),
  )
}
