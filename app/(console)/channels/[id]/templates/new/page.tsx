import type { Metadata } from 'next'
import { Callout } from '#ui/callout'
import { NotAllowed } from '#ui/not-allowed'
import { Stack } from '#ui/section'
import { ChannelHead } from '../../../_parts/channel-head'
import { loadApplicationChannel } from '../../../_parts/load-channel'
import { requireRole } from '../../../_parts/require-role'
import { EMPTY_TEMPLATE } from '../empty-template'
import { TemplateForm } from '../template-form'

export const metadata: Metadata = { title: 'Add a template' }

export default async function NewTemplatePage({ params }: { params: Promise<{ id: string }> }) {
  const { user, role } = await requireRole('viewer')
  if (!role.admin) return <NotAllowed needs="admin" role={user.role} />
  const loaded = await loadApplicationChannel((await params).id)
  const { channel } = loaded
  return (
    <>
      <ChannelHead loaded={loaded} tab="templates" role={role} />
      <Stack className="max-w-3xl">
        {channel.archivedAt ? (
          <Callout title="This channel is archived">No templates can be added any more.</Callout>
        ) : (
          <TemplateForm channelId={channel.id} template={EMPTY_TEMPLATE} isNew />
        )}
      </Stack>
    </>
  )
}
