/** Continues with a decision, synchronously if it is available. */
import type { Decision } from "./guard.ts"

/** Calls a function with a decision, and awaits the decision only if it is a promise. */
export const whenDecided = <A>(
  decision: Decision | Promise<Decision>,
  use: (decision: Decision) => A,
): A | Promise<Awaited<A>> =>
  decision instanceof Promise ? (decision.then(use) as Promise<Awaited<A>>) : use(decision)
