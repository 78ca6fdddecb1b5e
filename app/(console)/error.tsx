'use client'

import { SegmentError, type SegmentErrorProps } from './_parts/segment-error'

export default function ConsoleError(props: SegmentErrorProps) {
  return <SegmentError what="This page" {...props} />
}
