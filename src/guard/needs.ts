/** The requirements of a route for an access token. */
import { millisOf } from "../internal/duration.ts"
import type { DurationInput } from "../ports/duration.ts"
import type { Issue } from "../ports/errors.ts"
import type { ActiveToken, Freshness } from "../ports/introspection.ts"
import { isPlain } from "./plain.ts"
import type { Situation } from "./situations.ts"

/** The requirements of a route. Without any, an active access token is enough. */
export interface Needs {
  /** The token must have every one of these scopes. */
  readonly scopes?: ReadonlyArray<string>
  /** The token must have one of these scopes. A challenge asks for the first. */
  readonly anyScope?: ReadonlyArray<string>
  /** The login must have one of these authentication context classes, in order of preference (RFC 9470). */
  readonly acr?: ReadonlyArray<string>
  /** The longest time since the user's login, such as `"5 minutes"` (RFC 9470). */
  readonly maxAuthAge?: DurationInput
  /** How fresh the answer about the token must be: the option of `introspect`. */
  readonly freshness?: Freshness
  /** A request without credentials passes, without a principal. A request with wrong credentials is still refused. */
  readonly optional?: boolean
}

/** The requirements in a call. An unknown member beside a known one does not compile. */
export type StatedNeeds<N extends Needs> = N & { readonly [K in Exclude<keyof N, keyof Needs>]: never }

const known: ReadonlySet<string> = new Set(["scopes", "anyScope", "acr", "maxAuthAge", "freshness", "optional"])

/** The characters of a scope (RFC 6749 section 3.3). An `acr` value stands in the same list, separated by spaces. */
const word = /^[\x21\x23-\x5B\x5D-\x7E]+$/

/** Returns whether a value is one scope. */
export const isWord = (value: unknown): boolean => typeof value === "string" && word.test(value)

/** In milliseconds. `auth_time` and `max_age` are whole seconds, so that no login would satisfy a shorter age. */
const shortestAge = 1000

/** Copies requirements, so that a later change of the object has no effect on the route. */
export const copyOf = ({ freshness, ...needs }: Needs): Needs => {
  const members = Object.entries(needs).map(([name, value]) => [name, Array.isArray(value) ? Array.from(value) : value])
  return {
    ...Object.fromEntries(members),
    ...(freshness !== undefined && { freshness: typeof freshness === "object" ? { ...freshness } : freshness }),
  }
}

/** Sets `optional`. A value that is not a plain object is returned unchanged, and the check of the requirements rejects it. */
export const withOptional = <O extends boolean>(needs: Needs | undefined, optional: O) =>
  (needs === undefined || isPlain(needs) ? { ...needs, optional } : needs) as Needs & { readonly optional: O }

/** Returns the problems of a route's requirements. */
export const problemsOfNeeds = (needs: Needs): ReadonlyArray<Issue> => {
  if (!isPlain(needs))
    return [
      { path: "", message: `expected a plain object with the requirements of a route, such as { scopes: ["read"] }` },
    ]
  const unknown = Object.keys(needs).filter((name) => !known.has(name))
  const lists = (["scopes", "anyScope", "acr"] as const).filter((name) => !isListOfWords(needs[name]))
  return [
    ...unknown.map((name) => ({ path: name, message: `unknown; expected one of ${Array.from(known).join(", ")}` })),
    ...lists.map((name) => ({
      path: name,
      message: "expected a list of names without spaces, with one name at least",
    })),
    ...(needs.maxAuthAge === undefined || (millisOf(needs.maxAuthAge) ?? 0) >= shortestAge
      ? []
      : [
          { path: "maxAuthAge", message: 'expected a duration with a unit, of 1 second at least, such as "5 minutes"' },
        ]),
    ...(isFreshness(needs.freshness)
      ? []
      : [{ path: "freshness", message: 'expected "local", "prefer-local", "live" or { maxAge: "30 seconds" }' }]),
    ...(["undefined", "boolean"].includes(typeof needs.optional)
      ? []
      : [{ path: "optional", message: "expected true or false" }]),
  ]
}

const isListOfWords = (value: unknown): boolean =>
  value === undefined || (Array.isArray(value) && value.length > 0 && value.every(isWord))

const isFreshness = (value: unknown): boolean => {
  if (typeof value !== "object") return [undefined, "local", "prefer-local", "live"].some((each) => each === value)
  return value !== null && "maxAge" in value && Object.keys(value).length === 1 && millisOf(value.maxAge) !== undefined
}

/** Checks the scopes and the login of a token. Returns the situation in which it is refused, or `undefined`. */
export type CheckNeeds = (state: ActiveToken, now: number) => Situation | undefined

/** Makes the check of a route. The scopes are checked first, because a new login does not grant a scope. */
export const checkOf = ({ scopes = [], anyScope, acr, maxAuthAge }: Needs): CheckNeeds => {
  const maxAge = maxAuthAge === undefined ? undefined : millisOf(maxAuthAge)
  return (state, now) => {
    if (scopes.length > 0 || anyScope !== undefined) {
      const granted = state.scopes
      // A text would include each part of its scopes.
      if (!Array.isArray(granted)) return "scopes-unknown"
      for (const scope of scopes) if (!granted.includes(scope)) return "scope-missing"
      if (anyScope !== undefined && !anyScope.some((scope) => granted.includes(scope))) return "scope-missing"
    }
    if (acr !== undefined) {
      if (state.acr === undefined) return "login-unknown"
      if (!acr.includes(state.acr)) return "login-insufficient"
    }
    if (maxAge !== undefined) {
      const { authTime } = state
      if (authTime === undefined) return "login-unknown"
      // A time that is no number is not within any age.
      if (!(now - authTime.getTime() <= maxAge)) return "login-insufficient"
    }
    return undefined
  }
}
