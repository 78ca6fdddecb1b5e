import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { z } from 'zod'
import { timeOfId } from '#db/ids'
import { getRequest } from '#db/queries/request-log'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { formatBytes, formatDuration } from '#lib/format'
import { callerOf, requestWords } from '#lib/request-words'
import { Callout } from '#ui/callout'
import { CopyLine } from '#ui/code-block'
import { KeyValues } from '#ui/key-values'
import { PageHeader } from '#ui/page-header'
import { Section, Stack } from '#ui/section'
import { TextLink } from '#ui/text-link'
import { ExactTime, Time } from '#ui/time'
import { BodyText, HeaderList } from '../../_parts/http-parts'
import { Answer } from '../request-list'

export const metadata: Metadata = { title: 'Request' }

type Found = NonNullable<Awaited<ReturnType<typeof getRequest>>>

export default async function RequestPage({ params }: { params: Promise<{ id: string }> }) {
  await requireUser('viewer')
  const id = z.uuid().safeParse((await params).id)
  const found = id.success ? await getRequest(db(), id.data) : null
  if (!found) notFound()
  const { request } = found
  const words = requestWords(request.code, callerOf(request))
  const details = request.details ?? []
  return (
    <>
      <PageHeader
        breadcrumb={[{ href: '/requests', label: 'Requests' }]}
        title={words.title}
        badges={<Answer status={request.status} />}
      />
      <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <Stack>
          <Callout tone={request.status < 300 ? 'info' : 'warn'} title={request.message}>
            {words.fix}
          </Callout>
          {details.length > 0 && (
            <Section title="Field by field">
              <KeyValues
                items={details.map(({ path, message }) => ({ label: path || 'The whole body', value: message }))}
              />
            </Section>
          )}
          <Section title="What was sent">
            <div className="flex flex-col gap-3">
              <p className="font-mono text-sm wrap-anywhere">
                <span className="text-faint">{request.method}</span> {request.path}
              </p>
              <HeaderList label="Headers" headers={request.headers} />
              <BodyText
                label="Body"
                body={request.bodyExcerpt}
                note={cutNote(request.bodyExcerpt, request.bodyBytes)}
              />
            </div>
          </Section>
        </Stack>
        <RequestFacts found={found} now={new Date()} />
      </div>
    </>
  )
}

function RequestFacts({ found: { request, channelName, appName }, now }: { found: Found; now: Date }) {
  const at = timeOfId(request.id)
  return (
    <Section title="Facts">
      <KeyValues
        items={[
          { label: 'When', value: <ExactTime at={at} />, hint: <Time at={at} now={now} /> },
          ...(request.channelId
            ? [{ label: 'Channel', value: <TextLink href={`/channels/${request.channelId}`}>{channelName}</TextLink> }]
            : []),
          ...(request.appId
            ? [{ label: 'App', value: <TextLink href={`/apps/${request.appId}`}>{appName}</TextLink> }]
            : []),
          { label: 'Called by', value: request.direction === 'inbound' ? 'The provider' : 'Front', hint: request.ip },
          { label: 'Code', value: <code className="font-mono text-sm">{request.code}</code> },
          { label: 'Size', value: formatBytes(request.bodyBytes) },
          { label: 'Answered in', value: formatDuration(request.durationMs) },
          ...(request.messageId
            ? [
                {
                  label: 'Message',
                  value: <TextLink href={`/messages/${request.messageId}`}>The one stored first</TextLink>,
                },
              ]
            : []),
          { label: 'Id', value: <CopyLine text={request.id} label="Copy the id" /> },
        ]}
      />
    </Section>
  )
}

function cutNote(excerpt: string | null, bytes: number): string | null {
  const kept = Buffer.byteLength(excerpt ?? '')
  return bytes > kept + 3 ? `the first ${formatBytes(kept)} of ${formatBytes(bytes)} are kept` : null
}
