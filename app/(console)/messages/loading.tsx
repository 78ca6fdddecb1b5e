import { PageSkeleton } from '#ui/skeletons'

export default function MessagesLoading() {
  return <PageSkeleton label="Loading messages" />
}
