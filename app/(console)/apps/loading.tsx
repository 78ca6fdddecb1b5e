import { PageSkeleton } from '#ui/skeletons'

export default function AppsLoading() {
  return <PageSkeleton label="Loading apps" />
}
