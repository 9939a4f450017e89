/** Where a client record and the server's idea of it part. */
import * as Effect from "effect/Effect"
import type { Client, ClientChanges, NewClient } from "../../ports/clients.ts"
import type { Reason } from "../../ports/errors.ts"
import { ourName, toWire } from "../oidc/operations/client-metadata.ts"

/** Members of Ory's own that `extra` may hold. */
const extraMembers: ReadonlySet<string> = new Set([
  "access_token_strategy",
  "allowed_cors_origins",
  "backchannel_logout_session_required",
  "backchannel_logout_uri",
  "client_uri",
  "contacts",
  "frontchannel_logout_session_required",
  "frontchannel_logout_uri",
  "logo_uri",
  "owner",
  "policy_uri",
  "request_object_signing_alg",
  "request_uris",
  "sector_identifier_uri",
  "skip_consent",
  "skip_logout_consent",
  "subject_type",
  "token_endpoint_auth_signing_alg",
  "tos_uri",
  "userinfo_signed_response_alg",
])

const invalid = (field: string, detail: string): Reason => ({ _tag: "InvalidRequest", field, detail })

/** Refuses what the server would ignore or turn into something else. */
export const refuseRecord = (record: NewClient | ClientChanges): Reason | undefined => {
  const unknown = Object.keys(record.extra ?? {}).find((name) => !extraMembers.has(name))
  if (unknown !== undefined) return invalid(`extra.${unknown}`, "not a client member that Ory documents")
  if (record.scopes !== undefined && (record.scopes === null || record.scopes.length === 0))
    return invalid("scopes", "Ory gives a client without scopes its default ones; name at least one")
  if (record.secret === null) return invalid("secret", "a secret cannot be cleared")
  if (record.extra === null) return invalid("extra", "name the members to clear")
  if (record.jwks && record.jwksUri) return invalid("jwksUri", "give either jwks or jwksUri, not both")
  return undefined
}

/** Fails when the server answered with another record than was sent, naming the first member that differs. */
export const verify = (sent: NewClient | ClientChanges, client: Client): Effect.Effect<Client, Reason> => {
  const back: Readonly<Record<string, unknown>> = client.raw
  const differs = Object.entries(toWire(sent)).find(
    ([name, value]) => name !== "client_secret" && !same(name, value, back[name]),
  )
  return differs === undefined
    ? Effect.succeed(client)
    : Effect.fail(invalid(ourName(differs[0]), "the server answered success but did not take this member over"))
}

const same = (name: string, sent: unknown, got: unknown): boolean => {
  if (name === "jwks") return keyIds(sent) === keyIds(got)
  return canonical(sent) === canonical(got)
}

/** The server rewrites keys (member order, defaults): their ids and number are what must agree. */
const keyIds = (jwks: unknown): string =>
  typeof jwks === "object" && jwks !== null && "keys" in jwks && Array.isArray(jwks.keys)
    ? jwks.keys.map((key: { readonly kid?: string }) => key.kid ?? "").join(" ")
    : ""

/** Empty, absent, `null` and `false` are one on this wire; the order of object members means nothing. */
const canonical = (value: unknown, depth = 0): string => {
  // Nobody's record is that deep: what is counts as different from everything.
  if (depth > 100) return `deep ${crypto.randomUUID()}`
  if (value === undefined || value === null || value === "" || value === false) return ""
  if (Array.isArray(value))
    return value.length === 0 ? "" : `[${value.map((each) => canonical(each, depth + 1)).join()}]`
  if (typeof value === "object") {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    return members.length === 0
      ? ""
      : `{${members.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each, depth + 1)}`).join()}}`
  }
  return JSON.stringify(value)
}
