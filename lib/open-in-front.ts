type Place = { isSandbox: boolean; frontMessageId?: string | null; frontConversationId?: string | null }

/** Where a message or conversation can be seen in Front; null while Front's id of it is not known. */
export function openInFrontUrl({ isSandbox, frontMessageId, frontConversationId }: Place): string | null {
  const id = frontMessageId ?? frontConversationId
  if (isSandbox) {
    return frontConversationId ? `/sandbox/inbox?c=${encodeURIComponent(frontConversationId)}` : '/sandbox/inbox'
  }
  return id ? `https://app.frontapp.com/open/${encodeURIComponent(id)}` : null
}
