import { RowsSkeleton } from '#ui/skeletons'

export default function Loading() {
  return <RowsSkeleton />
}
