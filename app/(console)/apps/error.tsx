'use client'

import { SegmentError, type SegmentErrorProps } from '../_parts/segment-error'

export default function AppsError(props: SegmentErrorProps) {
  return <SegmentError what="The apps" {...props} />
}
