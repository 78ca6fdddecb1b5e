import type { Connection } from '#db/client'

export type ClaimTally = {
  /** How many claims each worker has made since the beginning, the busiest first. A worker is a lease's token. */
  counts: () => Promise<number[]>
  end: () => Promise<void>
}

/** Counts claims in the database itself, where no worker knows of it. */
export async function tallyClaims({ sql }: Pick<Connection, 'sql'>): Promise<ClaimTally> {
  await sql.unsafe(`
    create table claim_tally (worker uuid);
    create function tally_claim() returns trigger language plpgsql as $$
      begin insert into claim_tally values (new.lease); return null; end $$;
    create trigger tally_claim after update of lease on lanes for each row
      when (new.lease is not null and new.lease is distinct from old.lease) execute function tally_claim()`)
  return {
    counts: async () => {
      const rows = await sql<
        { n: number }[]
      >`select count(*)::int as n from claim_tally group by worker order by 1 desc`
      return rows.map(({ n }) => n)
    },
    end: async () => {
      await sql.unsafe('drop trigger tally_claim on lanes; drop function tally_claim; drop table claim_tally')
    },
  }
}
