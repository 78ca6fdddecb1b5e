import { PageSkeleton } from '#ui/skeletons'

export default function RequestLoading() {
  return <PageSkeleton label="Loading the request" />
}
