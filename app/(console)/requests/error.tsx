'use client'

import { SegmentError, type SegmentErrorProps } from '../_parts/segment-error'

export default function RequestsError(props: SegmentErrorProps) {
  return <SegmentError what="The requests" {...props} />
}
