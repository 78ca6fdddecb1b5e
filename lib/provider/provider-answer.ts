import { z } from 'zod'

/** What a provider may answer to a message; anything else in it, or no JSON at all, is fine too. */
const providerAnswer = z
  .object({ external_id: looseId(), conversation_key: looseId() })
  .catch({ external_id: null, conversation_key: null })
export type ProviderAnswer = z.infer<typeof providerAnswer>

/** Reads the ids from a provider's answer, as far as it gave any. */
export function readProviderAnswer(body: string): ProviderAnswer {
  try {
    return providerAnswer.parse(JSON.parse(body))
  } catch {
    return { external_id: null, conversation_key: null }
  }
}

function looseId() {
  return z
    .union([z.string(), z.number()])
    .transform((id) => String(id).slice(0, 200) || null)
    .nullable()
    .catch(null)
    .default(null)
}
