/** Checking the options of DPoP. */
import { millisOf } from "../../internal/duration.ts"
import { algorithms as knownAlgorithms } from "../../internal/jwa.ts"
import type { Issue } from "../../ports/errors.ts"

const known = ["mode", "algorithms", "replay", "nonce", "maxAge", "clockSkew"]
const knownOfNonce = ["secret", "previousSecret"]

/** The shortest secret, in characters. */
const minimumLength = 32

type Members = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const unknownMembers = (members: Members, expected: ReadonlyArray<string>, prefix: string): ReadonlyArray<Issue> =>
  Object.keys(members)
    .filter((name) => !expected.includes(name))
    .map((name) => ({ path: prefix + name, message: `unknown; expected one of ${expected.join(", ")}` }))

/** Returns the problems of the option `dpop`. No problem repeats a secret. */
export const problemsOfDpop = (dpop: unknown): ReadonlyArray<Issue> => {
  if (dpop === undefined) return []
  if (!isObject(dpop)) return [{ path: "dpop", message: "expected an object, such as { replay: memoryReplayStore() }" }]
  const { mode, algorithms, replay, nonce, maxAge, clockSkew } = dpop
  const issue = (isWrong: boolean, name: string, message: string): ReadonlyArray<Issue> =>
    isWrong ? [{ path: `dpop.${name}`, message }] : []
  const isPositive = maxAge === undefined || (millisOf(maxAge) ?? 0) > 0
  const isDuration = clockSkew === undefined || millisOf(clockSkew) !== undefined
  const unused = ["maxAge", "clockSkew"].filter((name) => nonce !== undefined && dpop[name] !== undefined)
  return [
    ...unknownMembers(dpop, known, "dpop."),
    ...issue(
      mode !== undefined && mode !== "allowed" && mode !== "required",
      "mode",
      'expected "allowed" or "required"',
    ),
    ...issue(algorithms !== undefined && !isListOfAlgorithms(algorithms), "algorithms", algorithmsExpected),
    ...issue(
      replay === undefined && nonce === undefined,
      "replay",
      'required without "nonce": memoryReplayStore() for one process, a store that all processes share, or "external"',
    ),
    ...issue(replay !== undefined && !isStore(replay), "replay", 'expected a replay store or "external"'),
    ...(nonce === undefined ? [] : problemsOfNonce(nonce)),
    ...unused.flatMap((name) => issue(true, name, 'not used with "nonce", whose age counts instead: leave it out')),
    ...issue(!isPositive, "maxAge", 'expected a duration with a unit, such as "60 seconds"'),
    ...issue(!isDuration, "clockSkew", 'expected a duration with a unit, such as "5 seconds"'),
  ]
}

const algorithmsExpected = `expected a list of asymmetric algorithms: ${Object.keys(knownAlgorithms).join(", ")}`

const isListOfAlgorithms = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((each) => typeof each === "string" && Object.hasOwn(knownAlgorithms, each))

const isStore = (value: unknown): boolean =>
  value === "external" || (isObject(value) && typeof value.reserve === "function")

const problemsOfNonce = (nonce: unknown): ReadonlyArray<Issue> => {
  if (!isObject(nonce)) return [{ path: "dpop.nonce", message: "expected { secret } or { secret, previousSecret }" }]
  const { secret, previousSecret } = nonce
  const isSecret = (value: unknown) => typeof value === "string" && value.length >= minimumLength
  const message = `expected a random text of at least ${minimumLength} characters`
  return [
    ...unknownMembers(nonce, knownOfNonce, "dpop.nonce."),
    ...(isSecret(secret) ? [] : [{ path: "dpop.nonce.secret", message }]),
    ...(previousSecret === undefined || isSecret(previousSecret)
      ? []
      : [{ path: "dpop.nonce.previousSecret", message }]),
  ]
}
