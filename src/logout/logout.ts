/** The logout handler without a framework: verify the token, end the sessions, then spend the token, then answer. */
import { signatures } from "#signature"
import type { Reply } from "../guard/refusal.ts"
import { logoutTokenIn } from "./form.ts"
import { type LogoutToken, type ParsedLogoutToken, parseLogoutToken, type Rules } from "./logout-token.ts"
import { type LogoutClient, type LogoutOptions, type LogoutSettings, settingsOf } from "./options.ts"
import { type Outcome, replyTo } from "./outcomes.ts"
import { type SpentTokens, spentTokens } from "./spent-tokens.ts"

/** A request as the handler sees it, in any framework. */
export interface LogoutRequest {
  readonly method: string
  readonly contentType: string | null | undefined
  /** Returns the body; `undefined` if it is too long. */
  readonly body: () => Promise<string | undefined>
}

export type Logout = (request: LogoutRequest) => Promise<Reply>

/** The outcome of a step, and its error. */
interface Result {
  readonly outcome: Outcome
  readonly error?: unknown
}

/** Makes the handler. Throws an `AuthError` (`InvalidConfig`, listing every problem) if options are wrong. */
export const makeLogout = (auth: LogoutClient, options: LogoutOptions = {}): Logout => {
  const settings = settingsOf(auth, options)
  const spent = spentTokens()
  return async (request) => {
    const { outcome, error } = await resultOf(settings, spent, request)
    safely(() => settings.onOutcome?.(outcome, error))
    return replyTo(outcome)
  }
}

const resultOf = async (settings: LogoutSettings, spent: SpentTokens, request: LogoutRequest): Promise<Result> => {
  if (request.method !== "POST") return { outcome: "method" }
  if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(request.contentType ?? ""))
    return { outcome: "content-type" }
  const body = await attempt(() => within(settings.timeout, request.body()))
  if ("error" in body) return { outcome: "form-unavailable", error: body.error }
  const text = body.value === undefined ? undefined : logoutTokenIn(body.value)
  if (text === undefined) return { outcome: "form" }
  const parsed = parseLogoutToken(text, settings.rules, Date.now())
  return typeof parsed === "string" ? { outcome: parsed } : performed(settings, spent, parsed)
}

/** Verifies the signature and performs the logout. */
const performed = async (
  { rules, verify, endSessions, onLogout, replayStore, timeout }: LogoutSettings,
  spent: SpentTokens,
  { header, text, token }: ParsedLogoutToken,
): Promise<Result> => {
  const verified = await attempt(() => verify(token.issuer, header, text, AbortSignal.timeout(timeout)))
  if ("error" in verified) return { outcome: "keys-unavailable", error: verified.error }
  if (verified.value !== true) return { outcome: verified.value === "unknown-key" ? "unknown-key" : "signature" }
  const key = await keyOf(token)
  if (spent.has(key)) return { outcome: "replayed" }
  const ended = await attempt(() => within(timeout, end(endSessions, onLogout, token)))
  if ("error" in ended) return { outcome: "end-failed", error: ended.error }
  // The token is spent last, because a spent token is refused when the sender repeats a failed request.
  const owner = `logout ${token.subject ?? token.session}`
  const reserved = await attempt(() => within(timeout, replayStore.reserve(key, untilOf(token, rules), owner)))
  if ("error" in reserved) return { outcome: "replay-store-unavailable", error: reserved.error }
  if (reserved.value !== "fresh" && reserved.value !== "seen") return { outcome: "replay-store-unavailable" }
  spent.add(key)
  return { outcome: reserved.value === "fresh" ? "done" : "replayed" }
}

const end = async (
  endSessions: LogoutSettings["endSessions"],
  onLogout: LogoutSettings["onLogout"],
  token: LogoutToken,
): Promise<void> => {
  const { issuer, subject, session, issuedAt } = token
  await endSessions({
    issuer,
    ...(subject !== undefined && { subject }),
    ...(session !== undefined && { session }),
    at: issuedAt.getTime(),
  })
  await onLogout?.(token)
}

/** 192 bits of a hash, as text. The first word separates the keys from those of proofs in one store. */
const keyOf = async ({ issuer, tokenId }: LogoutToken): Promise<string> =>
  (await signatures.sha256(`logout ${JSON.stringify([issuer, tokenId])}`)).slice(0, 32)

/** The time after which a token is too old to be accepted, in milliseconds since 1970. */
const untilOf = ({ issuedAt }: LogoutToken, { maxAge, clockSkew }: Rules): number =>
  issuedAt.getTime() + maxAge + clockSkew

/** Returns the value of a step, or its error: also of a function that throws. */
const attempt = async <A>(step: () => Promise<A>): Promise<{ readonly value: A } | { readonly error: unknown }> => {
  try {
    return { value: await step() }
  } catch (error) {
    return { error }
  }
}

/** Rejects if a step takes longer than a number of milliseconds. The step goes on. */
const within = <A>(timeout: number, step: Promise<A>): Promise<A> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`a step of the logout took longer than ${timeout} ms`)), timeout)
  })
  return Promise.race([step, tooLate]).finally(() => clearTimeout(timer))
}

/** A hook of the application must not decide about a request. */
const safely = (hook: () => unknown): void => {
  try {
    const result = hook()
    if (result instanceof Promise) result.catch(() => undefined)
  } catch {
    // The response stays the same.
  }
}
