import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

// Loaded into the measured server: on SIGUSR2 it collects its garbage and tells what is left.
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void // what the flag just added

let told = 0

process.on('SIGUSR2', () => {
  collect()
  told += 1
  process.stdout.write(`heap ${told} ${(process.memoryUsage().heapUsed / 1e6).toFixed(1)} MB\n`)
})
