'use client'

import { SegmentError, type SegmentErrorProps } from '../../_parts/segment-error'

export default function ConversationError(props: SegmentErrorProps) {
  return <SegmentError what="This conversation" {...props} />
}
