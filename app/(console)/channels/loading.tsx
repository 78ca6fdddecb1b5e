import { PageSkeleton } from '#ui/skeletons'

export default function ChannelsLoading() {
  return <PageSkeleton label="Loading channels" />
}
