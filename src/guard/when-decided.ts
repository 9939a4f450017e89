/** Going on with a decision, at once if it is there. */
import type { Decision } from "./guard.ts"

/** Calls a function with a decision. A promise is waited for only where there is one. */
export const whenDecided = <A>(
  decision: Decision | Promise<Decision>,
  use: (decision: Decision) => A,
): A | Promise<Awaited<A>> =>
  decision instanceof Promise ? (decision.then(use) as Promise<Awaited<A>>) : use(decision)
