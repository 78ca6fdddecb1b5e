'use client'

import { SegmentError, type SegmentErrorProps } from '../../_parts/segment-error'

export default function MessageError(props: SegmentErrorProps) {
  return <SegmentError what="This message" {...props} />
}
