import { z } from 'zod'
import { AppError } from '#lib/errors'
import {
  CALL_STATUSES,
  type CreateCallBody,
  INITIAL_CALL_STATUSES,
  RECORDING_TYPES,
  type RecordingType,
  SPEAKER_TYPES,
  type TranscriptLine,
  type UpdateCallBody,
} from '#lib/front/calls'
import {
  optionalEmail,
  optionalText,
  optionalTime,
  parseFields,
  refuseFields,
  requiredId,
  requiredText,
} from '#lib/provider/fields'

const MAX_LINES = 5000

function oneOf<const Values extends readonly string[]>(values: Values) {
  return z.enum(values, `is none of ${values.join(', ')}`)
}

const party = z
  .object({ handle: requiredText(500), name: optionalText(500) })
  .transform(({ handle, name }) => ({ handle, ...(name === null ? {} : { name }) }))

/** Front takes milliseconds; a provider may write any time that `readTime` reads. */
const moment = optionalTime.transform((time) => time?.getTime())

const anyCall = {
  external_call_id: requiredId,
  initial_status: oneOf(INITIAL_CALL_STATUSES),
  started_at: moment,
  parent_external_call_id: optionalText(200),
  agent_email_address: optionalEmail,
}

const newCall = z.discriminatedUnion(
  'direction',
  [
    z.object({ ...anyCall, direction: z.literal('inbound'), from: party }),
    z.object({ ...anyCall, direction: z.literal('outbound'), to: party }),
  ],
  { error: 'is neither inbound nor outbound' },
)

const callUpdate = z.object({
  call_status: oneOf(CALL_STATUSES),
  occurred_at: moment,
  agent_email_address: optionalEmail,
})

const recording = z.object({ recording_type: oneOf(RECORDING_TYPES) })
const summary = z.object({ content: requiredText(50_000) })
const transcript = z.object({
  lines: z
    .array(
      z.object({
        speaker_name: requiredText(500),
        speaker_type: oneOf(SPEAKER_TYPES),
        content: z.string().max(10_000, 'is longer than 10000 characters'),
        start_time_seconds: z.number().min(0, 'is below 0'),
      }),
    )
    .min(1, 'is empty')
    .max(MAX_LINES, `has more than ${MAX_LINES} entries`),
})

/**
 * Parses a new call; its party's handle is still as the provider wrote it.
 * @throws AppError `invalid_input` that names every wrong field by its path, as do all of these
 */
export function parseNewCall(fields: unknown): CreateCallBody {
  const {
    parent_external_call_id: parent,
    agent_email_address: agent,
    ...call
  } = parseFields(newCall, fields, {
    what: 'This call',
  })
  return {
    ...call,
    ...(parent === null ? {} : { parent_external_call_id: parent }),
    ...(agent === null ? {} : { agent_email_address: agent }),
  }
}

/** Parses what happened in a call. */
export function parseCallUpdate(fields: unknown): UpdateCallBody {
  const { agent_email_address: agent, ...update } = parseFields(callUpdate, fields, { what: 'This change of a call' })
  return { ...update, ...(agent === null ? {} : { agent_email_address: agent }) }
}

/** Checks a recording: one sound file that is not empty, of a kind that Front knows. */
export function parseRecording<File extends { contentType: string; bytes: Uint8Array }>(
  fields: unknown,
  files: readonly File[],
): { file: File; recordingType: RecordingType } {
  const what = 'This recording'
  const { recording_type: recordingType } = parseFields(recording, fields, { what })
  const [file, ...others] = files
  if (!file || others.length > 0) throw refuseFields(what, [{ path: 'attachments', message: 'needs exactly one file' }])
  if (!/^audio\//i.test(file.contentType)) {
    const message = `is ${file.contentType}: Front takes audio/… only`
    throw refuseFields(what, [{ path: 'attachments', message }])
  }
  if (file.bytes.length === 0) throw refuseFields(what, [{ path: 'attachments', message: 'is empty' }])
  return { file, recordingType }
}

/** Parses what was said, in short. */
export function parseSummary(fields: unknown): string {
  return parseFields(summary, fields, { what: 'This summary' }).content
}

/** Parses what was said, line by line. */
export function parseTranscript(fields: unknown): TranscriptLine[] {
  return parseFields(transcript, fields, { what: 'This transcript' }).lines
}

/** @throws AppError `not_found` */
export function unknownCall(externalId: string): AppError {
  return new AppError('not_found', `This channel has no call “${externalId.slice(0, 200)}”. Create it first.`)
}
