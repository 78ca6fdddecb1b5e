// Loaded before a server whose clock is to be wrong by FAULTS_SKEW_MS: node --import tests/faults/skewed-clock.ts
const skewMs = Number(process.env.FAULTS_SKEW_MS)
const rightNow = Date.now.bind(Date)
Date.now = () => rightNow() + skewMs

// Whatever tells the time without being told one; dates made from something are as they were.
globalThis.Date = new Proxy(Date, {
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length > 0 ? given : [target.now()], newTarget),
  apply: (target) => new target(target.now()).toString(),
})
