'use client'

import { SegmentError, type SegmentErrorProps } from '../_parts/segment-error'

export default function MessagesError(props: SegmentErrorProps) {
  return <SegmentError what="The messages" {...props} />
}
