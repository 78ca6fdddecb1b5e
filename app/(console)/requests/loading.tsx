import { PageSkeleton } from '#ui/skeletons'

export default function RequestsLoading() {
  return <PageSkeleton label="Loading requests" />
}
