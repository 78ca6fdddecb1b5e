import Link from 'next/link'
import type { ComponentProps, ReactNode } from 'react'
import { cx } from '#ui/cx'

export type Column<Row> = {
  id: string
  header: string
  cell: (row: Row) => ReactNode
  align?: 'start' | 'end'
  /** On phones rows become cards: "title" heads the card, "hide" leaves the cell out, "plain" has no label. */
  phone?: 'label' | 'title' | 'plain' | 'hide'
  /** Text of any length: takes the room that is left and breaks. The "title" column does anyway. */
  grow?: boolean
  className?: string
}

type Props<Row> = {
  /** Names the table for screen readers; not shown. */
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
}

/** A table from `md` up, a list of cards below. Put it into a `Section flush`. Link rows with RowLink in one cell. */
export function Table<Row>({ caption, columns, rows, rowKey }: Props<Row>) {
  return (
    <div className="md:overflow-x-auto">
      <table className="w-full text-left max-md:block">
        <caption className="sr-only">{caption}</caption>
        <thead className="border-b border-rule max-md:sr-only">
          <tr>
            {columns.map(({ id, header, align, className }) => (
              <th
                key={id}
                scope="col"
                className={cx(
                  'legend px-3 py-2 whitespace-nowrap first:pl-5 last:pr-5',
                  align === 'end' && 'text-right',
                  className,
                )}
              >
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-rule max-md:block">
          {rows.map((row) => (
            <tr key={rowKey(row)} className={ROW}>
              {columns.map((column) => (
                <Cell key={column.id} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const ROW =
  'relative transition-colors has-[a[data-row]]:hover:bg-hover max-md:flex max-md:flex-wrap max-md:items-center max-md:gap-x-3 max-md:gap-y-1 max-md:px-4 max-md:py-3'

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const { header, align, phone = 'label', className } = column
  const grow = column.grow ?? phone === 'title'
  return (
    <td
      className={cx(
        'px-3 py-2.25 align-baseline first:pl-5 last:pr-5 max-md:p-0 max-md:first:pl-0 max-md:last:pr-0',
        align === 'end' && 'md:text-right',
        grow ? 'md:w-full' : 'md:whitespace-nowrap',
        phone === 'label' && 'max-md:flex max-md:w-full max-md:items-baseline max-md:gap-3',
        phone === 'title' && 'max-md:order-first max-md:w-full',
        phone === 'hide' && 'max-md:hidden',
        className,
      )}
    >
      {phone === 'label' && (
        <span aria-hidden className="w-24 shrink-0 text-sm text-faint md:hidden">
          {header}
        </span>
      )}
      <div className={cx('min-w-0', grow ? 'wrap-anywhere md:min-w-56' : 'max-md:wrap-anywhere')}>
        {column.cell(row)}
      </div>
    </td>
  )
}

/** The link of a row: the whole row can be clicked, one tab stop. What else is clickable there needs `relative z-1`. */
export function RowLink({ className, ...props }: ComponentProps<typeof Link>) {
  return (
    <Link
      {...props}
      data-row
      className={cx('font-medium text-ink underline-offset-3 hover:underline after:absolute after:inset-0', className)}
    />
  )
}
