/**
 * The measured process: checks the tokens it is sent, pass by pass, and reports the processor time that one takes, that
 * of the collector, the compiler and the thread pool included. Whatever else the machine does is not in it.
 */
import type { Checker, MakeChecker } from "./checker.ts"
import type { Job } from "./job.ts"

const [name = ""] = process.argv.slice(2)
const { make }: { make: MakeChecker<unknown> } = await import(`../${name}.ts`)

const checkAll = async ({ check, isGood }: Checker, tokens: ReadonlyArray<string>): Promise<void> => {
  for (const token of tokens) {
    const given = check(token)
    const answer = given instanceof Promise ? await given : given
    if (!isGood(answer)) throw new Error(`${name} refused a good token`)
  }
}

const refuses = async ({ check, isGood }: Checker, token: string): Promise<boolean> => {
  try {
    return !isGood(await check(token))
  } catch {
    return true
  }
}

/** Microseconds of user and system time per token. */
const pass = async (checker: Checker, { before, tokens, wrong, passes: { repeats } }: Job): Promise<number> => {
  await checkAll(checker, before)
  if (!(await refuses(checker, wrong))) throw new Error(`${name} took a wrong token`)
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
    if (checker === undefined || job.anew) checker = await make(job.given)
    times.push(await pass(checker, job))
  }
  // What disturbs a pass only ever adds to it: the fastest one is what it takes.
  process.send?.({ cpuPerToken: Math.min(...times.slice(warmUp)) }, () => process.disconnect())
})
