/** The decision about a request: pass with a principal, or refuse with a response. */
import { isJwt } from "../core/jwt/jwt.ts"
import { bindingProblem } from "../internal/token-binding.ts"
import type { ActiveToken, ProvenKeys, TokenState } from "../ports/introspection.ts"
import { type Credentials, credentialsOf, isDpop, problemOfToken } from "./credentials.ts"
import { type Asking, asking, type Introspector } from "./introspector.ts"
import { copyOf, type Needs, problemsOfNeeds } from "./needs.ts"
import type { GuardOptions, Settings } from "./options.ts"
import { isAuthError, retryAfterOf, situationOf } from "./outage.ts"
import { type Principal, principalOf } from "./principal.ts"
import { type CheckedProof, nonceHeaders } from "./proofs.ts"
import type { Refusal } from "./refusal.ts"
import { type GuardRequest, isPreflight } from "./request.ts"
import { makeRoute, type Route } from "./route.ts"
import { invalidConfig, settingsOf } from "./settings.ts"
import type { Situation } from "./situations.ts"

/** A request that passes, or the response to one that is refused. */
export type Decision =
  | {
      readonly ok: true
      /** Absent for a request without credentials where the route says `optional`, and for a preflight request. */
      readonly principal: Principal | undefined
      /** Headers that the response must have. */
      readonly headers: Readonly<Record<string, string>> | undefined
    }
  | { readonly ok: false; readonly refusal: Refusal }

/** Decides about the requests of one route: at once if no I/O is needed. It never throws, and never rejects. */
export type Check = (request: GuardRequest) => Decision | Promise<Decision>

/** Makes the check of a route. */
export interface Guard {
  (needs?: Needs): Check
  readonly settings: Settings
}

/**
 * Makes a guard over a client: the decision alone, for a framework that has no binding.
 *
 * @param auth a client of `createAuth` or the `Auth` service
 * @param options see {@link GuardOptions}
 *
 * Throws an `AuthError` (`InvalidConfig`, listing every problem) if options or requirements are wrong.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3
 */
export const makeGuard = (auth: Introspector, options: GuardOptions = {}): Guard => {
  const settings = settingsOf(auth, options)
  const ask = asking(auth)
  const guard = (needs: Needs = {}): Check => {
    const problems = problemsOfNeeds(needs)
    if (problems.length > 0) throw invalidConfig(auth.id, problems)
    return checkOf({ auth, settings, ask, route: makeRoute(settings, copyOf(needs)) })
  }
  return Object.assign(guard, { settings })
}

interface Context {
  readonly auth: Introspector
  readonly settings: Settings
  readonly ask: Asking
  readonly route: Route
}

const anonymous: Decision = { ok: true, principal: undefined, headers: undefined }

const checkOf = (context: Context): Check => {
  const { settings, route } = context
  const acceptsProofs = settings.proofs !== undefined
  // Not an async function: each turn of a promise costs as much as the check.
  return (request) => {
    if (settings.passesPreflight && isPreflight(request)) return anonymous
    const authorization = request.header("authorization") ?? undefined
    const credentials = credentialsOf(authorization, request.target, acceptsProofs)
    if (typeof credentials === "string") {
      if (credentials === "no-credentials" && route.isOptional) return anonymous
      return refuse(context, request, credentials, acceptsProofs && isDpop(authorization) ? "dpop" : "bearer")
    }
    const { scheme, token } = credentials
    if (scheme === "bearer" && !settings.requiresProofs) return decide(context, request, credentials, undefined)
    const problem = problemOfToken(token)
    if (problem !== undefined) return refuse(context, request, problem, scheme)
    if (scheme === "dpop") return withProof(context, request, credentials)
    return refuse(context, request, "other-scheme")
  }
}

/** The proof is checked before the vendor is asked: a flood of wrong proofs costs no request. */
const withProof = async (context: Context, request: GuardRequest, credentials: Credentials): Promise<Decision> => {
  const { settings } = context
  const proof = await settings.proofs?.check(request.header("dpop") ?? undefined, {
    method: request.method,
    url: settings.urlOf(request.target),
    token: credentials.token,
    now: Date.now(),
  })
  if (proof === undefined || typeof proof === "string")
    return refuse(context, request, proof ?? "proof-missing", credentials.scheme)
  return decide(context, request, credentials, proof)
}

const decide = (
  context: Context,
  request: GuardRequest,
  credentials: Credentials,
  proof: CheckedProof | undefined,
): Decision | Promise<Decision> => {
  const { ask, route } = context
  const { scheme, token } = credentials
  // An opaque token has no signature to check, so `introspect` would fail instead of returning an inactive token.
  if (route.isLocal && !isJwt(token)) return refuse(context, request, problemOfToken(token) ?? "inactive-token", scheme)
  if (proof !== undefined) return decideLater(context, request, credentials, proof)
  const decideNow = (present: TokenState | undefined): Decision | Promise<Decision> => {
    const isKnown = present?.active === true
    // The characters of a known token were checked at its first request.
    const problem = isKnown ? undefined : problemOfToken(token)
    if (problem !== undefined) return refuse(context, request, problem)
    if (present === undefined || (isKnown && present.confirmation !== undefined))
      return decideLater(context, request, credentials, proof)
    const judged = judge(context, present)
    return typeof judged === "string" ? refuse(context, request, judged, scheme) : pass(context, judged, token)
  }
  const present = ask.present(token, route.options)
  return present instanceof Promise ? present.then(decideNow) : decideNow(present)
}

const decideLater = async (
  context: Context,
  request: GuardRequest,
  { scheme, token }: Credentials,
  proof: CheckedProof | undefined,
): Promise<Decision> => {
  const { settings, route, ask } = context
  let judged: ActiveToken | Situation
  try {
    const state = await ask.ask(token, route.options, request)
    // The functions of the application that are called here may throw, and a client of its own may answer anything.
    const isBound = state.active && state.confirmation?.x5tS256 !== undefined
    const x5tS256 = isBound ? await settings.certificateThumbprint(request) : undefined
    judged = judge(context, state, { jkt: proof?.jkt, x5tS256 })
  } catch (error) {
    if (!isAuthError(error) && request.signal?.().aborted === true) return gone(route, request)
    return refuse(context, request, situationOf(error), scheme, error)
  }
  if (typeof judged === "string") return refuse(context, request, judged, scheme)
  // The proof is spent last: a request that is refused for another reason may be sent again with it.
  try {
    const spent = proof && (await proof.spend(request.raw))
    if (spent !== undefined) return refuse(context, request, spent, scheme)
  } catch (error) {
    return refuse(context, request, "replay-store-unavailable", scheme, error)
  }
  const headers = proof?.needsNonce === true ? await nonceHeaders(settings.proofs) : undefined
  return pass(context, judged, token, headers)
}

/** Returns the active token, or the situation in which it is refused. */
const judge = ({ route }: Context, state: TokenState, proven: ProvenKeys = {}): ActiveToken | Situation => {
  // `introspect` of latchkey never returns a refresh token here; another implementation may.
  if (!state.active || state.use === "refresh_token") return "inactive-token"
  return bindingProblem(state.confirmation, proven) ?? route.check(state, Date.now()) ?? state
}

const pass = (
  { auth }: Context,
  token: ActiveToken,
  text: string,
  headers?: Readonly<Record<string, string>>,
): Decision => ({ ok: true, principal: principalOf(token, text, auth.id), headers })

/** The decision after the client has disconnected. It is not reported, and no client receives the response. */
const gone = (route: Route, { method }: GuardRequest): Decision => ({
  ok: false,
  refusal: route.refusal("client-gone", "bearer", method === "HEAD"),
})

const refuse = (
  context: Context,
  request: GuardRequest,
  situation: Situation,
  scheme: Credentials["scheme"] = "bearer",
  error?: unknown,
): Decision | Promise<Decision> => {
  const { settings, route } = context
  const constant = route.refusal(situation, scheme, request.method === "HEAD")
  const refused = (headers?: Readonly<Record<string, string>>): Decision => {
    const refusal = headers === undefined ? constant : { ...constant, headers: { ...constant.headers, ...headers } }
    settings.report(refusal, request, error)
    return { ok: false, refusal }
  }
  if (situation === "nonce-required") return nonceHeaders(settings.proofs).then(refused)
  return constant.status === 503 ? refused({ "retry-after": String(retryAfterOf(error)) }) : refused()
}
