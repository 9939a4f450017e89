/** The kind of a token, by the profile of its server or by convention. */
import type { Kind } from "../ports/token-profile.ts"
import { holds, type Subject } from "./token-members.ts"

type Use = "access_token" | "refresh_token" | "other"

/** The ways in which servers show the kind of a token, without configuration. The first one that applies decides. */
const conventions: ReadonlyArray<(subject: Subject) => Use | undefined> = [
  // Any other value names another kind of token.
  ({ members }) => (isText(members.token_use) ? (tokenUses[members.token_use] ?? "other") : undefined),
  // RFC 7662's `token_type` is `Bearer` for any kind. Some servers name the kind in it.
  ({ members }) => (isText(members.token_type) ? uses[members.token_type] : undefined),
  ({ members }) => (isText(members.typ) ? types[members.typ] : undefined),
  // OpenID Connect Core 3.1.3.6: only an ID token has the hash of another token.
  ({ members }) => (isText(members.at_hash) || isText(members.c_hash) ? "other" : undefined),
  // RFC 9068 section 2.1. No other kind of token has this type.
  ({ header }) => (isAccessType(header()?.typ) ? "access_token" : undefined),
]

const uses: Readonly<Record<string, Use>> = Object.assign(Object.create(null), {
  access_token: "access_token",
  refresh_token: "refresh_token",
  id_token: "other",
})

const tokenUses: Readonly<Record<string, Use>> = Object.assign(Object.create(null), {
  ...uses,
  access: "access_token",
  refresh: "refresh_token",
  id: "other",
})

/** The values of the claim `typ` that name a kind. */
const types: Readonly<Record<string, Use>> = Object.assign(Object.create(null), {
  Bearer: "access_token",
  DPoP: "access_token",
  Refresh: "refresh_token",
  Offline: "refresh_token",
  ID: "other",
  Logout: "other",
})

const isText = (value: unknown): value is string => typeof value === "string" && value !== ""

const isAccessType = (typ: unknown): boolean => typeof typ === "string" && /^(application\/)?at\+jwt$/i.test(typ)

/** Returns the kind that a token has by convention, or `undefined`. */
export const conventionalKind = (subject: Subject): Use | undefined => {
  for (const convention of conventions) {
    const use = convention(subject)
    if (use !== undefined) return use
  }
  return undefined
}

/**
 * Returns the kind of an introspected token; `undefined` if the response does not show it. `expect`: the requested
 * kind.
 */
export const kindOf = (
  subject: Subject,
  kind: Kind | undefined,
  expect: "access_token" | "refresh_token",
): Use | undefined => {
  if (kind === undefined) return conventionalKind(subject)
  if (kind === "hint") return contradicted(subject) ?? expect
  if (kind === "access_only") return contradicted(subject) ?? "access_token"
  return kind.find((rule) => holds(rule, subject))?.use
}

/** A kind that the server names decides, whatever the configuration says about its hints. */
const contradicted = (subject: Subject): Use | undefined => {
  const use = conventionalKind(subject)
  return use === "access_token" ? undefined : use
}
