import type { Database } from '#db/client'
import type { ReportCargo, Route } from '#db/queries/deliveries'
import { getFile } from '#db/queries/files'
import { type FrontReport, readReport } from '#lib/delivery/report-payloads'
import * as calls from '#lib/front/calls'
import { messageFailedRequest, updateChannelStatusRequest } from '#lib/front/channel-reports'
import { addCommentRequest } from '#lib/front/requests'
import { patchTemplateRequest, putTemplateRequest } from '#lib/front/templates'
import type { FrontAccess, FrontRequest } from '#lib/front/transport'

type Sending = { cargo: ReportCargo; route: Pick<Route, 'channel'>; access: FrontAccess }

/**
 * The call that tells Front: A4 to A7, or an internal comment. Built anew for every attempt. A text says why there is
 * nothing to call, now or ever.
 */
export async function reportRequest(db: Database, { cargo, route, access }: Sending): Promise<FrontRequest | string> {
  const { report, conversation } = cargo
  const { frontChannelId } = route.channel
  const told = readReport(report)
  if (!told) return 'What is to be told was written by another version of Patchbay.'
  switch (told.kind) {
    case 'failed': {
      const { conversation: externalConversationId, message: externalId, reason } = told.payload
      return messageFailedRequest(access, { frontChannelId, externalConversationId, externalId, reason })
    }
    case 'comment':
      return conversation.frontConversationId === null
        ? 'Front’s conversation is not known, so there is nowhere to write the comment.'
        : addCommentRequest(access, { conversationId: conversation.frontConversationId, body: told.payload.body })
    case 'status':
      return updateChannelStatusRequest(access, { frontChannelId, status: told.payload.status })
    case 'template_put':
      return putTemplateRequest(access, { frontChannelId, template: told.payload.template })
    case 'template_patch':
      return patchTemplateRequest(access, { frontChannelId, ...told.payload })
    default:
      return callRequest(db, access, { frontChannelId, told })
  }
}

type ToldOfCall = Extract<FrontReport, { kind: `call_${string}` }>
type OfCall = { frontChannelId: string; told: ToldOfCall }

async function callRequest(db: Database, access: FrontAccess, { frontChannelId, told }: OfCall) {
  if (told.kind === 'call_create') return calls.createCallRequest(access, { frontChannelId, call: told.payload.call })
  const place = { frontChannelId, externalCallId: told.payload.externalId }
  if (told.kind === 'call_update') return calls.updateCallRequest(access, { ...place, update: told.payload.update })
  if (told.kind === 'call_summary') return calls.addCallSummaryRequest(access, { ...place, ...told.payload })
  if (told.kind === 'call_transcript') return calls.addCallTranscriptRequest(access, { ...place, ...told.payload })
  const file = await getFile(db, told.payload.fileId)
  if (!file) return 'The recording is no longer kept.'
  return calls.addCallRecordingRequest(access, { ...place, recordingType: told.payload.recordingType, file })
}
