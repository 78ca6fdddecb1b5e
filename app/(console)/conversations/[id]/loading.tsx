import { PageSkeleton } from '#ui/skeletons'

export default function ConversationLoading() {
  return <PageSkeleton label="Loading the conversation" />
}
