/** The options of a logout handler, and the part of a client that it uses. */
import type { ReplayStore } from "../guard/replay.ts"
import { memoryReplayStore } from "../guard/replay.ts"
import { millisOf, toMillis } from "../internal/duration.ts"
import { type EndSessions, endSessionsOf } from "../internal/end-sessions.ts"
import { type IssuerSignature, issuerSignatureOf } from "../internal/issuer-signature.ts"
import type { DurationInput } from "../ports/duration.ts"
import { AuthError, type Issue } from "../ports/errors.ts"
import type { Backend, Traits } from "../ports/provider.ts"
import type { LogoutToken, Rules } from "./logout-token.ts"
import type { Outcome } from "./outcomes.ts"

/** The options of the handler of back-channel logout. */
export interface LogoutOptions {
  /**
   * The client id that a logout token must name in `aud`, or a list of accepted ones. Default: the client id of the
   * configuration.
   */
  readonly clientId?: string | ReadonlyArray<string>
  /** Ends the application's own sessions. If it fails, the response is 503, and the sender may try again. */
  readonly onLogout?: (logout: LogoutToken) => unknown
  /** The store of spent tokens. Default: the memory of this process. */
  readonly replayStore?: ReplayStore
  /**
   * The accepted values of the header `typ`, without `application/`; `""` for none. Default: the value of the vendor's
   * adapter, or `["logout+jwt"]`.
   */
  readonly types?: ReadonlyArray<string>
  /** How old a logout token may be, by its `iat`. Default 3 minutes. */
  readonly maxAge?: DurationInput
  /** The accepted difference between the clocks. Default 60 seconds. */
  readonly clockSkew?: DurationInput
  /** The longest time for each step: the form, the keys, the end of the sessions, the replay store. Default 3 seconds. */
  readonly timeout?: DurationInput
  /** Called with the outcome of each request, for logs and metrics. `error`: the error of a failed step. */
  readonly onOutcome?: (outcome: Outcome, error?: unknown) => unknown
}

/** The part of a client that a logout handler uses: of `createAuth`, or of the `Auth` service. */
export interface LogoutClient {
  /** The vendor's id, such as `"oidc"`. */
  readonly id: string
  readonly backend?: Pick<Backend, "clientId">
  readonly traits?: Pick<Traits, "logoutToken">
}

interface Members {
  readonly [endSessionsOf]: EndSessions
  readonly [issuerSignatureOf]: IssuerSignature
}

export interface LogoutSettings {
  readonly rules: Rules
  readonly endSessions: EndSessions
  readonly verify: IssuerSignature["verify"]
  readonly replayStore: ReplayStore
  readonly timeout: number
  readonly onLogout: LogoutOptions["onLogout"]
  readonly onOutcome: LogoutOptions["onOutcome"]
}

/** Checks and completes the options. Throws an `AuthError` (`InvalidConfig`) that lists every problem. */
export const settingsOf = (auth: LogoutClient, options: LogoutOptions): LogoutSettings => {
  const issues = problemsOf(auth, options)
  if (issues.length > 0)
    throw new AuthError({
      provider: auth?.id ?? "logout",
      operation: "logout",
      reason: { _tag: "InvalidConfig", issues },
    })
  const { clientId = auth.backend?.clientId ?? [], maxAge = "3 minutes", clockSkew = "60 seconds" } = options
  const { [endSessionsOf]: endSessions, [issuerSignatureOf]: signature } = auth as LogoutClient & Members
  const { types: typesOfVendor = ["logout+jwt"], withoutExpiry = false } = auth.traits?.logoutToken ?? {}
  return {
    rules: {
      issuers: signature.issuers,
      clientIds: typeof clientId === "string" ? [clientId] : clientId,
      types: (options.types ?? typesOfVendor).map((type) => type.toLowerCase()),
      withoutExpiry,
      maxAge: toMillis(maxAge),
      clockSkew: toMillis(clockSkew),
    },
    endSessions,
    verify: signature.verify,
    replayStore: options.replayStore ?? memoryReplayStore({ maxEntries: 100_000, maxShare: 1 }),
    timeout: toMillis(options.timeout ?? "3 seconds"),
    onLogout: options.onLogout,
    onOutcome: options.onOutcome,
  }
}

/** The options, with the expected form of each, and a function that checks a value. */
const members: Readonly<Record<keyof LogoutOptions, readonly [expected: string, is: (value: unknown) => boolean]>> = {
  clientId: ["a client id, or a list of them", (value) => isText(value) || isListOf(value, isText)],
  onLogout: ["a function", (value) => typeof value === "function"],
  replayStore: ["a replay store, such as memoryReplayStore()", (value) => typeof Object(value).reserve === "function"],
  types: ['a list of types, such as ["logout+jwt"]', (value) => isListOf(value, (each) => typeof each === "string")],
  maxAge: ['a duration with a unit, such as "3 minutes"', (value) => (millisOf(value) ?? 0) > 0],
  clockSkew: ['a duration with a unit, such as "60 seconds"', (value) => (millisOf(value) ?? -1) >= 0],
  timeout: ['a duration with a unit, such as "3 seconds"', (value) => (millisOf(value) ?? 0) > 0],
  onOutcome: ["a function", (value) => typeof value === "function"],
}

const isText = (value: unknown): boolean => typeof value === "string" && value !== ""

const isListOf = (value: unknown, is: (each: unknown) => boolean): boolean =>
  Array.isArray(value) && value.length > 0 && value.every(is)

const problemsOf = (auth: LogoutClient, options: LogoutOptions): ReadonlyArray<Issue> => {
  if (typeof Object(auth)[endSessionsOf] !== "function")
    return [{ path: "auth", message: "expected a client of createAuth, or the Auth service" }]
  if (Object(auth)[issuerSignatureOf] === undefined)
    return [
      { path: "auth", message: `expected a client with introspection and a key set: ${auth.id} lacks one of them` },
    ]
  if (typeof options !== "object" || options === null)
    return [{ path: "", message: "expected the options of a logout handler" }]
  const problems = Object.entries(options).flatMap(([path, value]) => {
    if (!Object.hasOwn(members, path))
      return [{ path, message: `unknown; expected one of ${Object.keys(members).join(", ")}` }]
    const [expected, is] = members[path as keyof LogoutOptions]
    return value === undefined || is(value) ? [] : [{ path, message: `expected ${expected}` }]
  })
  const isNamed = options.clientId !== undefined || auth.backend?.clientId !== undefined
  return isNamed
    ? problems
    : [...problems, { path: "clientId", message: "required: the configuration has no client id" }]
}
