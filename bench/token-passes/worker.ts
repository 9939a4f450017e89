/**
 * The measured process: validates the tokens it is sent, pass by pass, and reports the processor time that one takes,
 * that of the collector, the compiler and the thread pool included. Whatever else the machine does is not in it.
 */
import type { Material } from "./material.ts"
import type { MakeValidator, Validator } from "./peer.ts"

/** How many passes over the tokens are thrown away, and how many count. */
export interface Passes {
  readonly warmUp: number
  readonly counted: number
  /** How often each token is validated within a pass, where it has been seen before. */
  readonly repeats: number
}

const [name = ""] = process.argv.slice(2)
const { make }: { make: MakeValidator } = await import(`./peers/${name}.ts`)

const validate = async ({ check, isGood }: Validator, tokens: ReadonlyArray<string>): Promise<void> => {
  for (const token of tokens) {
    const given = check(token)
    const answer = given instanceof Promise ? await given : given
    if (!isGood(answer)) throw new Error(`${name} refused a good token`)
  }
}

/** One token of a wrong signature, so that a peer which checks nothing is found out. */
const refusesForgery = async ({ check, isGood }: Validator, token: string): Promise<boolean> => {
  const cut = token.lastIndexOf(".") + 10
  try {
    return !isGood(await check(token.slice(0, cut) + (token[cut] === "A" ? "B" : "A") + token.slice(cut + 1)))
  } catch {
    return true
  }
}

/** Microseconds of user and system time per token. The validator is a new one, whose keys are ready: the first token is for that alone. */
const pass = async ({ trust, tokens: [first = "", ...tokens], seen }: Material, repeats: number): Promise<number> => {
  const validator = await make(trust)
  await validate(validator, seen ? tokens : [first])
  if (!(await refusesForgery(validator, first))) throw new Error(`${name} took a forged token`)
  const rounds = seen ? repeats : 1
  const before = process.cpuUsage()
  for (let round = 0; round < rounds; round++) await validate(validator, tokens)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / (tokens.length * rounds)
}

process.once("message", async ({ material, passes }: { readonly material: Material; readonly passes: Passes }) => {
  const times: Array<number> = []
  for (let index = 0; index < passes.warmUp + passes.counted; index++) times.push(await pass(material, passes.repeats))
  // What disturbs a pass only ever adds to it: the fastest one is what it takes.
  process.send?.(Math.min(...times.slice(passes.warmUp)), () => process.disconnect())
})
