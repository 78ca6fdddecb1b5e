import { CircleCheck, CircleDashed } from 'lucide-react'
import { type ListedCompany, listQuotaUsers } from '#db/queries/companies'
import { db } from '#lib/database'
import { Chip } from '#ui/chip'
import { KeyValues } from '#ui/key-values'
import { TextLink } from '#ui/text-link'
import { Time } from '#ui/time'

/** What is known of a Front company. Its secrets only as set or not set: they are never shown again. */
const HOUR_MS = 3_600_000

export async function CompanyFacts({ company, now }: { company: ListedCompany; now: Date }) {
  const { rateLimit, rateRemaining, rateSeenAt, holdUntil, holdReason } = company
  const isHeld = holdUntil !== null && holdUntil > now
  const since = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS)
  const users = await listQuotaUsers(db(), { companyId: company.id, since })
  return (
    <KeyValues
      items={[
        { label: 'Company id in Front', value: company.frontCompanyId && <Mono>{company.frontCompanyId}</Mono> },
        { label: 'Address of the API', value: <Mono>{company.frontBaseUrl}</Mono> },
        { label: 'API token', value: <SetChip isSet={company.hasApiToken} /> },
        { label: 'API secret', value: <SetChip isSet={company.hasApiSecret} /> },
        {
          label: 'Calls left this minute',
          value:
            rateLimit !== null && rateSeenAt !== null ? (
              <>
                {rateRemaining ?? '?'} of {rateLimit}, seen <Time at={rateSeenAt} now={now} />
              </>
            ) : null,
          hint: 'All channels of the company share them. Each gets its share; Patchbay slows down before they run out.',
        },
        {
          label: 'Used by, since the full hour',
          value:
            users.length > 0 ? (
              <ul>
                {users.map(({ channelId, name, attempts }) => (
                  <li key={channelId}>
                    <TextLink href={`/channels/${channelId}`}>{name}</TextLink>: {attempts}
                  </li>
                ))}
              </ul>
            ) : (
              'Nobody yet'
            ),
        },
        ...(isHeld
          ? [{ label: 'Front asked to wait', value: <Time at={holdUntil} now={now} />, hint: holdReason }]
          : []),
      ]}
    />
  )
}

function SetChip({ isSet }: { isSet: boolean }) {
  return isSet ? (
    <Chip tone="ok" icon={CircleCheck}>
      Set
    </Chip>
  ) : (
    <Chip icon={CircleDashed}>Not set</Chip>
  )
}

function Mono({ children }: { children: string }) {
  return <span className="font-mono text-sm">{children}</span>
}
