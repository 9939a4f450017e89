/**
 * The measured process: checks the received tokens in passes, and reports the processor time per token, including
 * garbage collection, compilation and the thread pool, and excluding other processes.
 */
import type { Checker, MakeChecker } from "./checker.ts"
import type { Job } from "./job.ts"

const [name = ""] = process.argv.slice(2)
const { make }: { make: MakeChecker<unknown> } = await import(`../${name}.ts`)

const checkAll = async ({ check, isGood }: Checker, tokens: ReadonlyArray<string>): Promise<void> => {
  for (const token of tokens) {
    const returned = check(token)
    const result = returned instanceof Promise ? await returned : returned
    if (!isGood(result)) throw new Error(`${name} rejected a valid token`)
  }
}

const rejects = async ({ check, isGood }: Checker, token: string): Promise<boolean> => {
  try {
    return !isGood(await check(token))
  } catch {
    return true
  }
}

/** Gives the microseconds of user and system time per token. */
const pass = async (checker: Checker, { primed, tokens, invalid, passes: { repeats } }: Job): Promise<number> => {
  await checkAll(checker, primed)
  if (!(await rejects(checker, invalid))) throw new Error(`${name} accepted an invalid token`)
  const start = process.cpuUsage()
  for (let round = 0; round < repeats; round++) await checkAll(checker, tokens)
  const { user, system } = process.cpuUsage(start)
  return (user + system) / (tokens.length * repeats)
}

process.once("message", async (job: Job) => {
  const { warmUp, counted } = job.passes
  const times: Array<number> = []
  let checker: Checker | undefined
  for (let index = 0; index < warmUp + counted; index++) {
    if (checker === undefined || job.newCheckerPerPass) checker = await make(job.input)
    times.push(await pass(checker, job))
  }
  // A disturbance only makes a pass slower, so the fastest pass is the result.
  process.send?.({ cpuPerToken: Math.min(...times.slice(warmUp)) }, () => process.disconnect())
})
