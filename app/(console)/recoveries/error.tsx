'use client'

import { SegmentError, type SegmentErrorProps } from '../_parts/segment-error'

export default function RecoveriesError(props: SegmentErrorProps) {
  return <SegmentError what="The recoveries" {...props} />
}
