/** Checks of client records, before a request and after its response. */
import * as Effect from "effect/Effect"
import type { Client, ClientChanges, NewClient } from "../../ports/clients.ts"
import type { Reason } from "../../ports/errors.ts"
import { portName, toWire } from "../oidc/operations/client-metadata.ts"

/** Ory's own members that `extra` may hold. */
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

/**
 * The ids that Ory stores but cannot find by any URL, or for which it sends an invalid header. Such a client can never
 * be removed.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it finds
const unreachable = /^\.{1,2}$|[/\u0000-\u001f\u007f]/

/** Rejects an id under which Ory could not find the client again. */
export const checkId = ({ clientId }: NewClient): Reason | undefined =>
  clientId !== undefined && unreachable.test(clientId)
    ? invalid(
        "clientId",
        'choose an id other than "." and "..", without "/" and control characters: no URL of Ory reaches such a client',
      )
    : undefined

/** Rejects what the server would ignore or change. */
export const checkRecord = (record: NewClient | ClientChanges): Reason | undefined => {
  const unknown = Object.keys(record.extra ?? {}).find((name) => !extraMembers.has(name))
  if (unknown !== undefined) return invalid(`extra.${unknown}`, "Ory documents no such member of a client")
  if (record.scopes !== undefined && (record.scopes === null || record.scopes.length === 0))
    return invalid("scopes", "name at least one: Ory gives a client without scopes its default scopes")
  if (record.secret === null) return invalid("secret", "cannot be cleared")
  if (record.extra === null) return invalid("extra", "name the members to clear")
  if (record.jwks && record.jwksUri) return invalid("jwksUri", "give either jwks or jwksUri, not both")
  return undefined
}

/** The values that the server stores for an empty value of these members. */
const serverDefaults: Readonly<Record<string, ReadonlyArray<unknown>>> = {
  token_endpoint_auth_method: ["client_secret_basic"],
  userinfo_signed_response_alg: ["none"],
  // The second one on a server that supports no other type.
  subject_type: ["public", "pairwise"],
}

/**
 * Fails if the response differs from the record that was sent, with the first member that differs. A cleared member may
 * have the server's default.
 */
export const verify = (sent: NewClient | ClientChanges, client: Client): Effect.Effect<Client, Reason> => {
  const stored: Readonly<Record<string, unknown>> = client.raw
  const different = Object.entries(toWire(sent)).find(
    ([name, value]) => name !== "client_secret" && !isSame(name, value, stored[name]),
  )
  return different === undefined
    ? Effect.succeed(client)
    : Effect.fail(invalid(portName(different[0]), "the server reported success but did not store this value"))
}

const isSame = (name: string, sent: unknown, stored: unknown): boolean => {
  if (name === "jwks") return keyIds(sent) === keyIds(stored)
  if (canonical(sent) === "" && serverDefaults[name]?.includes(stored)) return true
  return canonical(sent) === canonical(stored)
}

/** The ids of keys, in order. The server changes the keys' member order and adds defaults, so only ids are compared. */
const keyIds = (jwks: unknown): string =>
  typeof jwks === "object" && jwks !== null && "keys" in jwks && Array.isArray(jwks.keys)
    ? jwks.keys.map((key: { readonly kid?: string }) => key.kid ?? "").join(" ")
    : ""

/** A text that is equal for equal values. The server does not distinguish empty, absent, `null` and `false`. */
const canonical = (value: unknown, depth = 0): string => {
  // A value nested deeper than this is unequal to every value.
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
