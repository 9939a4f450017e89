/** Checks client records, and applies a patch to a record. */
import type { Client, ClientChanges, NewClient } from "../../ports/clients.ts"
import type { Reason } from "../../ports/errors.ts"

/** Members that Polar's clients do not have. Polar ignores them silently. */
const unsupportedMembers = [
  "clientId",
  "postLogoutRedirectUris",
  "audience",
  "jwks",
  "jwksUri",
  "secret",
  "metadata",
] as const

/** Polar's own members that `extra` may hold. Once set, they can be changed. Only `client_uri` can be cleared, with `""`. */
const extra = ["client_uri", "logo_uri", "policy_uri", "tos_uri"]
const clearable = "client_uri"

/** Sent with every record: Polar replaces omitted members with its own defaults. */
export const defaults = {
  redirect_uris: [],
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
  token_endpoint_auth_method: "client_secret_post",
} as const

const invalid = (field: string, detail: string): Reason => ({ _tag: "InvalidRequest", field, detail })

/** Rejects a member that Polar would ignore. */
const checkMembers = (record: NewClient | ClientChanges): Reason | undefined => {
  const field = unsupportedMembers.find((name) => name in record && record[name as keyof typeof record] !== undefined)
  if (field !== undefined) return invalid(field, "Polar's clients do not have this member: leave it out")
  const unknown = Object.keys(record.extra ?? {}).find((name) => !extra.includes(name))
  return unknown === undefined ? undefined : invalid(`extra.${unknown}`, "Polar documents no such member of a client")
}

/** Rejects a whole record if Polar would ignore a part of it or grant more than it names. */
export const checkRecord = (record: NewClient): Reason | undefined => {
  if (!record.name) return invalid("name", "required: Polar's clients have a name")
  if (record.scopes === undefined || record.scopes.length === 0)
    return invalid("scopes", "name at least one: Polar gives a client without scopes all scopes")
  if (record.tokenEndpointAuthMethod === "private_key_jwt")
    return invalid("tokenEndpointAuthMethod", "Polar does not support private_key_jwt")
  return checkMembers(record)
}

/** Rejects changes if Polar would ignore a part of them or grant more than they name. */
export const checkChanges = (changes: ClientChanges): Reason | undefined => {
  if (changes.name === null || changes.name === "") return invalid("name", "required: Polar's clients have a name")
  if (changes.scopes === null || changes.scopes?.length === 0)
    return invalid("scopes", "name at least one: Polar gives a client without scopes all scopes")
  return checkMembers(changes)
}

/** Rejects a record that omits a member which Polar would keep or change. */
export const checkCleared = (record: Omit<NewClient, "clientId">, current: Client): Reason | undefined => {
  if (current.tokenEndpointAuthMethod === "none" && record.tokenEndpointAuthMethod === undefined)
    return invalid(
      "tokenEndpointAuthMethod",
      'required for a public client: without "none", Polar makes it confidential',
    )
  const isCleared = (name: string) => name === clearable && record.extra?.[name] === ""
  const omitted = extra.find((name) => current.raw[name] && !record.extra?.[name] && !isCleared(name))
  if (omitted === undefined) return undefined
  const other =
    omitted === clearable
      ? 'or "" to clear it: Polar keeps an omitted one'
      : "because Polar keeps an omitted one, and cannot clear it"
  return invalid(`extra.${omitted}`, `give a value, ${other}`)
}

/** Returns the whole record of a client after changes. */
export const withChanges = (current: Client, changes: ClientChanges): Omit<NewClient, "clientId"> => {
  const record = {
    name: current.name ?? "",
    redirectUris: current.redirectUris,
    grantTypes: current.grantTypes,
    responseTypes: current.responseTypes,
    scopes: current.scopes,
    ...methodOf(current),
  }
  const replaced = Object.entries(changes).filter(
    ([name, value]) => name !== "extra" && value !== null && value !== undefined,
  )
  const cleared = Object.entries(changes).filter(([name, value]) => name !== "extra" && value === null)
  const currentExtra = Object.fromEntries(
    extra.flatMap((name) => (current.raw[name] ? [[name, current.raw[name]]] : [])),
  )
  const replacedExtra = Object.entries(changes.extra ?? {}).filter(([, value]) => value !== undefined)
  const changed = {
    ...record,
    ...Object.fromEntries(replaced),
    extra: { ...currentExtra, ...Object.fromEntries(replacedExtra) },
  }
  for (const [name] of cleared) delete (changed as Record<string, unknown>)[name]
  return changed
}

const methods = ["client_secret_basic", "client_secret_post", "none"] as const

const methodOf = ({ tokenEndpointAuthMethod: method }: Client): Pick<NewClient, "tokenEndpointAuthMethod"> => {
  const supported = methods.find((each) => each === method)
  return supported === undefined ? {} : { tokenEndpointAuthMethod: supported }
}

/** Fails for a member that Polar did not store as it was sent. URLs are compared in their normalised form. */
export const checkStored = (sent: Omit<NewClient, "clientId">, stored: Client): Reason | undefined => {
  const pairs: ReadonlyArray<readonly [string, ReadonlyArray<string> | undefined, ReadonlyArray<string>]> = [
    ["name", sent.name === undefined ? undefined : [sent.name], [stored.name ?? ""]],
    ["redirectUris", sent.redirectUris?.map(normalised) ?? [], stored.redirectUris.map(normalised)],
    ["grantTypes", sent.grantTypes, stored.grantTypes],
    ["responseTypes", sent.responseTypes, stored.responseTypes],
    ["scopes", sent.scopes, stored.scopes],
    [
      "tokenEndpointAuthMethod",
      sent.tokenEndpointAuthMethod && [sent.tokenEndpointAuthMethod],
      [stored.tokenEndpointAuthMethod ?? ""],
    ],
    ...extra.map((name) => [`extra.${name}`, urlOf(sent.extra?.[name]), urlOf(stored.raw[name]) ?? []] as const),
  ]
  const different = pairs.find(
    ([, sent, stored]) => sent !== undefined && [...sent].sort().join(" ") !== [...stored].sort().join(" "),
  )
  return different && invalid(different[0], "the server reported success but did not store this value")
}

const urlOf = (value: unknown): ReadonlyArray<string> | undefined =>
  typeof value === "string" ? [normalised(value)] : undefined

const normalised = (uri: string): string => URL.parse(uri)?.href ?? uri
