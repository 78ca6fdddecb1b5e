import { CircleCheck, CircleDashed } from 'lucide-react'
import type { ListedCompany } from '#db/queries/companies'
import { Chip } from '#ui/chip'
import { KeyValues } from '#ui/key-values'
import { Time } from '#ui/time'

/** What is known of a Front company. Its secrets only as set or not set: they are never shown again. */
export function CompanyFacts({ company, now }: { company: ListedCompany; now: Date }) {
  const { rateLimit, rateRemaining, rateSeenAt, holdUntil, holdReason } = company
  const isHeld = holdUntil !== null && holdUntil > now
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
          hint: 'All channels of the company share them.',
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
