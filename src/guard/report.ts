/** Reports refusals and errors to the application. */
import * as Effect from "effect/Effect"
import { AuthError } from "../ports/errors.ts"
import { ShareExceeded } from "./dpop/share-exceeded.ts"
import type { GuardOptions, Settings } from "./options.ts"
import type { Situation } from "./situations.ts"

/** The shortest time between two reports of one error, in milliseconds. */
const pause = 60_000

/** The situations in which the vendor's answers lack a member, and the setting that adds it. */
const unknown: Partial<Record<Situation, { readonly path: string; readonly message: string }>> = {
  "scopes-unknown": {
    path: "token.scopes",
    message:
      "a route requires scopes, and the token has none, not even an empty list: name the claim that holds the scopes in token.scopes",
  },
  "login-unknown": {
    path: "acr, maxAuthAge",
    message:
      'a route requires the claims "acr" or "auth_time", and the token does not have them: let the vendor put them into access tokens',
  },
}

/** Makes the report of a guard. An error of a hook changes no response. */
export const makeReport = (provider: string, { onRefusal, onError }: GuardOptions): Settings["report"] => {
  const printed = onError === undefined ? atIntervals(printError) : onError
  const printedSeldom = onError === undefined ? printed : atIntervals(onError)
  // It has its own interval, so that the token of one caller does not suppress the report of an outage.
  const storeFailed = atIntervals(onError ?? printError)
  const tell = (situation: Situation, error: unknown) => {
    if (situation === "vendor-fault") return printed(error)
    if (situation === "replay-store-unavailable" && !(error instanceof ShareExceeded))
      return storeFailed(ofStore(error))
    const issue = unknown[situation]
    if (issue === undefined) return
    const report = situation === "login-unknown" ? printedSeldom : printed
    report(new AuthError({ provider, operation: "guard", reason: { _tag: "InvalidConfig", issues: [issue] } }))
  }
  return (refusal, request, error) => {
    safely(() => onRefusal?.(refusal, request))
    safely(() => tell(refusal.situation, error))
  }
}

const ofStore = (error: unknown): Error => {
  const reason = error instanceof Error ? error.message : "it failed with a value that is not an Error"
  return new Error(`requests with a DPoP proof get 503, because the replay store cannot be used: ${reason}`, {
    cause: error,
  })
}

const printError = (error: unknown): void => {
  const text =
    error instanceof Error ? error.message : "the client of latchkey failed with a value that is not an Error"
  Effect.runFork(Effect.logError(text))
}

/** The latest report decides when the next one is due: a clock that is set back does not stop the reports. */
const atIntervals = (report: (error: unknown) => void): ((error: unknown) => void) => {
  let last = Number.NEGATIVE_INFINITY
  return (error) => {
    const now = performance.now()
    if (now - last < pause) return
    last = now
    report(error)
  }
}

const safely = (hook: () => unknown): void => {
  try {
    const result = hook()
    if (result instanceof Promise) result.catch(() => undefined)
  } catch {
    // A hook of the application must not decide about a request.
  }
}
