import { ALERT_KINDS } from '#db/schema/alerts'
import { requireUser } from '#lib/auth'
import { atLeastRole } from '#lib/roles'
import { NotAllowed } from '#ui/not-allowed'
import { Section, Stack } from '#ui/section'
import { TextLink } from '#ui/text-link'
import { AlertForm, type EditedDestination } from '../alert-form'
import { formChoices } from '../form-choices'

export const metadata = { title: 'New destination' }

const NEW: EditedDestination = {
  id: null,
  kind: 'email',
  name: '',
  shown: '',
  alerts: [...ALERT_KINDS],
  channelIds: null,
  failuresInARow: 5,
  backlogMinutes: 15,
  missingCount: 1,
  calmMinutes: 2,
  quietFrom: null,
  quietTo: null,
  quietZone: null,
}

export default async function NewDestinationPage() {
  const user = await requireUser('viewer')
  if (!atLeastRole(user.role, 'admin')) return <NotAllowed needs="admin" role={user.role} headed />
  return (
    <Stack>
      <TextLink href="/settings/alerts">All destinations</TextLink>
      <Section id="new" title="New destination" description="Who is to hear of trouble, and of which.">
        <AlertForm destination={NEW} {...(await formChoices())} />
      </Section>
    </Stack>
  )
}
