// Speed claims are ratios of one run on one machine: compare rows, not runs.
export const ROUNDS = 3
export const CONCURRENCY = 32
export const REQUESTS = Number(process.env.BENCH_REQUESTS ?? 3000)
export const MEMORY_MESSAGES = Number(process.env.BENCH_MEMORY_MESSAGES ?? 20_000)
/** Failed deliveries that one recovery takes. */
export const RECOVERED = Number(process.env.BENCH_RECOVERED ?? 100_000)
/** A steady load for so long, with the memory every five minutes; 0: left out. */
export const SOAK_MINUTES = Number(process.env.BENCH_SOAK_MINUTES ?? 0)
/** Conversations that wait, in the rows that time a claim. */
export const WAITING = (process.env.BENCH_WAITING ?? '10000,100000,1000000').split(',').map(Number)
