import { PageSkeleton } from '#ui/skeletons'

export default function RecoveriesLoading() {
  return <PageSkeleton label="Loading recoveries" />
}
