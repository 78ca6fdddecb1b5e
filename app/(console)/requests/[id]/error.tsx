'use client'

import { SegmentError, type SegmentErrorProps } from '../../_parts/segment-error'

export default function RequestError(props: SegmentErrorProps) {
  return <SegmentError what="This request" {...props} />
}
