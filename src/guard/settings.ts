/** Checking and completing the options of a guard. */
import { millisOf } from "../internal/duration.ts"
import { AuthError, type Issue } from "../ports/errors.ts"
import { isAddress } from "./address.ts"
import { certificateThumbprints } from "./certificate.ts"
import { problemsOfDpop } from "./dpop/problems.ts"
import { makeProofs } from "./dpop.ts"
import type { Introspector } from "./introspector.ts"
import { problemsOfMetadata, resourceOf } from "./metadata.ts"
import type { GuardOptions, Settings } from "./options.ts"
import { isPlain, notPlain } from "./plain.ts"
import { makeReport } from "./report.ts"
import { addressOf } from "./target.ts"

const known: ReadonlySet<string> = new Set([
  "realm",
  "publicUrl",
  "metadata",
  "dpop",
  "trustedProxy",
  "certificate",
  "timeout",
  "preflight",
  "onRefusal",
  "onError",
])

/** Makes the error of wrong options or requirements. */
export const invalidConfig = (provider: string, issues: ReadonlyArray<Issue>): AuthError =>
  new AuthError({ provider, operation: "guard", reason: { _tag: "InvalidConfig", issues } })

/** Checks and completes the options. Throws an `AuthError` (`InvalidConfig`) that lists every problem. */
export const settingsOf = (auth: Introspector, options: GuardOptions): Settings => {
  const problems = problemsOf(auth, options)
  // `auth` may be missing, which is one of the problems.
  if (problems.length > 0) throw invalidConfig(auth?.id ?? "latchkey", problems)
  const { realm, publicUrl = "", metadata, dpop, timeout = "3 seconds", preflight } = options
  const proofs = dpop && makeProofs(dpop, timeout)
  const algorithms = proofs?.algorithms ?? []
  const bindsCertificates = options.trustedProxy !== undefined || options.certificate !== undefined
  const resource = metadata && resourceOf(auth, publicUrl, metadata, dpop, algorithms, bindsCertificates)
  const base = publicUrl.replace(/\/$/, "")
  return {
    timeout,
    challenge: {
      realm,
      resourceMetadata: resource?.url,
      dpop: dpop === undefined ? "off" : (dpop.mode ?? "allowed"),
      algorithms,
    },
    proofs,
    requiresProofs: dpop?.mode === "required",
    passesPreflight: preflight === "pass",
    urlOf: (target) => addressOf(base, target),
    certificateThumbprint: certificateThumbprints(options),
    resource,
    report: makeReport(auth.id, options),
  }
}

/**
 * Checks the options of a binding whose handlers always get a principal: a preflight request that passes has none. Throws
 * an `AuthError` (`InvalidConfig`).
 */
export const withoutPreflight = (auth: Introspector, options: GuardOptions): GuardOptions => {
  if (options?.preflight === undefined) return options
  const message =
    "not supported with this framework, whose handlers need a principal: put the CORS middleware before the guard"
  throw invalidConfig(auth.id, [{ path: "preflight", message }])
}

/** Checks the options of a gate that shows a token without its proof. Throws an `AuthError` (`InvalidConfig`). */
export const withoutProofs = (auth: Introspector, options: GuardOptions): GuardOptions => {
  if (options?.dpop === undefined) return withoutPreflight(auth, options)
  throw invalidConfig(auth.id, [
    { path: "dpop", message: "not with the gate of the SDK, which shows no proof: use guard" },
  ])
}

/** The characters of a quoted string that needs no escapes. */
const quotable = /^[\x20\x21\x23-\x5B\x5D-\x7E]*$/

const problemsOf = (auth: Introspector, options: GuardOptions): ReadonlyArray<Issue> => {
  if (typeof auth?.introspect !== "function")
    return [{ path: "auth", message: "expected a client of createAuth, or the Auth service" }]
  if (!isPlain(options)) return [notPlain]
  const { realm, publicUrl, metadata, dpop, timeout, preflight } = options
  const unknown = Object.keys(options).filter((name) => !known.has(name))
  const functions = (["trustedProxy", "certificate", "onRefusal", "onError"] as const).filter(
    (name) => options[name] !== undefined && typeof options[name] !== "function",
  )
  const url = urlProblem(publicUrl, metadata !== undefined || dpop !== undefined)
  return [
    ...unknown.map((path) => ({ path, message: `unknown; expected one of ${Array.from(known).join(", ")}` })),
    ...functions.map((path) => ({ path, message: "expected a function" })),
    ...(realm === undefined || (typeof realm === "string" && quotable.test(realm))
      ? []
      : [{ path: "realm", message: 'expected a text of visible ASCII characters and spaces, without " and \\' }]),
    ...(url === undefined ? [] : [{ path: "publicUrl", message: url }]),
    ...(timeout === undefined || (millisOf(timeout) ?? 0) > 0
      ? []
      : [{ path: "timeout", message: 'expected a duration with a unit, such as "3 seconds"' }]),
    ...(preflight === undefined || preflight === "pass" ? [] : [{ path: "preflight", message: 'expected "pass"' }]),
    ...problemsOfDpop(dpop),
    ...(url === undefined ? problemsOfMetadata(metadata, publicUrl, auth) : []),
  ]
}

const urlProblem = (url: unknown, isRequired: boolean): string | undefined => {
  if (url === undefined)
    return isRequired
      ? 'required with dpop and metadata: the address of the API as its clients know it, such as "https://api.example"'
      : undefined
  return isAddress(url) ? undefined : 'expected a URL without user, query and fragment, such as "https://api.example"'
}
