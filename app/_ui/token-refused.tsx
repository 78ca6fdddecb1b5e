import { Callout } from '#ui/callout'
import { SubmitButton } from '#ui/submit-button'

type Choice = { label: string; pendingLabel: string }

/** Inside a form whose API token Front refused: try once more, or go on with it `anyway`. */
export function TokenRefused({ message, again, anyway }: { message: string; again: Choice; anyway: Choice }) {
  return (
    <div role="alert">
      <Callout
        tone="warn"
        title="The token does not work"
        actions={
          <>
            <SubmitButton pendingLabel={again.pendingLabel}>{again.label}</SubmitButton>
            <SubmitButton variant="secondary" name="anyway" value="yes" pendingLabel={anyway.pendingLabel}>
              {anyway.label}
            </SubmitButton>
          </>
        }
      >
        {message}
      </Callout>
    </div>
  )
}
