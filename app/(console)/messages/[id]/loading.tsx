import { PageSkeleton } from '#ui/skeletons'

export default function MessageLoading() {
  return <PageSkeleton label="Loading the message" />
}
