import { TextField } from '#ui/text-field'

/** From and to, to the minute. In UTC, so that a link means the same to everybody. */
export function ExactRange({ from, to }: { from?: Date; to?: Date }) {
  return (
    <>
      <TextField type="datetime-local" name="from" label="From (UTC)" defaultValue={toMinute(from)} />
      <TextField type="datetime-local" name="to" label="To (UTC)" defaultValue={toMinute(to)} />
    </>
  )
}

function toMinute(moment: Date | undefined): string | undefined {
  return moment?.toISOString().slice(0, 16)
}
