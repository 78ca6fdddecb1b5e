'use client'

import { SegmentError, type SegmentErrorProps } from '../_parts/segment-error'

export default function ChannelsError(props: SegmentErrorProps) {
  return <SegmentError what="The channels" {...props} />
}
