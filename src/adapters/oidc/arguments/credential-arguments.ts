/** The codes, tokens and challenges that callers present, and the result for a text that cannot be one. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { type Characters, canBe, isShort, maxCallbackLength } from "../../../internal/token-text.ts"
import type { Reason } from "../../../ports/errors.ts"
import type { Operation } from "../../../ports/provider.ts"

/**
 * A kind of credential: its characters, and the result of an operation for a text with other characters or that is too
 * long.
 */
interface Kind {
  readonly characters: Characters
  readonly otherwise: Effect.Effect<void, Reason>
}

export const notWellFormed = "has characters that no server issues (RFC 6749 appendix A), or is too long"

/** No server issues such a text, so the result is known. Vendors respond to it with errors of their own. */
const kinds = {
  accessToken: { characters: "printable", otherwise: Effect.fail({ _tag: "InvalidToken", check: "format" }) },
  grant: { characters: "printable", otherwise: Effect.fail({ _tag: "InvalidGrant", detail: notWellFormed }) },
  callback: { characters: "printable", otherwise: Effect.fail({ _tag: "InvalidCallback", check: "code" }) },
  // An unknown token counts as revoked (RFC 7009 section 2.2).
  revoked: { characters: "printable", otherwise: Effect.void },
  idTokenHint: {
    characters: "visible",
    otherwise: Effect.fail({ _tag: "InvalidRequest", field: "idTokenHint", detail: notWellFormed }),
  },
  challenge: { characters: "visible", otherwise: Effect.fail({ _tag: "NotFound" }) },
  connection: {
    characters: "visible",
    otherwise: Effect.fail({ _tag: "InvalidRequest", field: "sessionId", detail: notWellFormed }),
  },
} as const satisfies Readonly<Record<string, Kind>>

type Arguments = ReadonlyArray<unknown>

/** The credential of an operation: its kind, and its place in the arguments. */
interface Presented {
  readonly kind: Kind
  readonly find: (args: Arguments) => unknown
}

const member = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined
const first = (kind: Kind): Presented => ({ kind, find: ([value]) => value })
const memberOfFirst = (kind: Kind, name: string): Presented => ({ kind, find: ([value]) => member(value, name) })

const registrationToken = (client: unknown): unknown => {
  const token = member(member(client, "registration"), "token")
  return Redacted.isRedacted(token) ? Redacted.value(token) : undefined
}
const ofClient: Presented = { kind: kinds.accessToken, find: ([client]) => registrationToken(client) }
const ofRecord: Presented = {
  kind: kinds.accessToken,
  find: ([value]) => registrationToken(member(value, "client")),
}
const challenge = first(kinds.challenge)
const challengeMember = memberOfFirst(kinds.challenge, "challenge")

/**
 * Returns the code of a callback; a text that cannot be a code, if the callback is too long. The length is checked
 * before the URL is parsed.
 */
const codeOf = ([callbackUrl]: Arguments): unknown => {
  const text = callbackUrl instanceof URL ? callbackUrl.href : callbackUrl
  return typeof text !== "string" || isShort(text, maxCallbackLength) ? undefined : noCode
}

/** A text that cannot be a code. */
const noCode = "\u0000"

/**
 * The operations that take a credential from a caller. Three are missing: `introspect`, whose result the adapter makes,
 * the code of `exchange`, whose state is checked first, and `exchangeToken`, whose schema checks both tokens.
 */
const presented: Readonly<Partial<Record<Operation, Presented>>> = {
  exchange: { kind: kinds.callback, find: codeOf },
  refresh: first(kinds.grant),
  jwtBearer: first(kinds.grant),
  pollDevice: memberOfFirst(kinds.grant, "deviceCode"),
  revoke: first(kinds.revoked),
  userInfo: first(kinds.accessToken),
  "session.end": memberOfFirst(kinds.idTokenHint, "idTokenHint"),
  "clients.get": ofClient,
  "clients.replace": ofRecord,
  "clients.patch": ofRecord,
  "clients.remove": ofClient,
  "registration.read": ofClient,
  "registration.update": ofRecord,
  "registration.remove": ofClient,
  "consent.getLogin": challenge,
  "consent.acceptLogin": challengeMember,
  "consent.rejectLogin": challengeMember,
  "consent.getConsent": challenge,
  "consent.acceptConsent": challengeMember,
  "consent.rejectConsent": challengeMember,
  "consent.getLogout": challenge,
  "consent.acceptLogout": challenge,
  "consent.rejectLogout": challenge,
  "connectedApps.token": first(kinds.grant),
  "connectedApps.revoke": first(kinds.connection),
}

/** Returns the result of a call with a text that cannot be a credential; `undefined` if the call must be made. */
export const resultWithout = (operation: Operation, args: Arguments): Effect.Effect<void, Reason> | undefined => {
  const expected = presented[operation]
  const text = expected?.find(args)
  if (expected === undefined || typeof text !== "string" || text === "") return undefined
  return canBe(expected.kind.characters, text) ? undefined : expected.kind.otherwise
}
