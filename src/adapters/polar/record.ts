/** What a client of Polar's can be, and where Polar's idea of a record would widen it. */
import type { Client, ClientChanges, NewClient } from "../../ports/clients.ts"
import type { Reason } from "../../ports/errors.ts"

/** Members that Polar's clients do not have; it would drop them without a word. */
const absent = ["clientId", "postLogoutRedirectUris", "audience", "jwks", "jwksUri", "secret", "metadata"] as const

/** Members of Polar's that `extra` may hold; once set they can be changed, and never cleared. */
const extra = ["client_uri", "logo_uri", "policy_uri", "tos_uri"]

/** Sent with every record: left out, the grants, the response type and the method would fall back to Polar's. */
export const defaults = {
  redirect_uris: [],
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
  token_endpoint_auth_method: "client_secret_post",
} as const

const invalid = (field: string, detail: string): Reason => ({ _tag: "InvalidRequest", field, detail })

const strayMember = (record: NewClient | ClientChanges): Reason | undefined => {
  const field = absent.find((name) => name in record && record[name as keyof typeof record] !== undefined)
  if (field !== undefined) return invalid(field, "Polar's clients have no such member")
  const unknown = Object.keys(record.extra ?? {}).find((name) => !extra.includes(name))
  return unknown === undefined ? undefined : invalid(`extra.${unknown}`, "not a client member that Polar documents")
}

/** Refuses a whole record that Polar would ignore in part, or widen. */
export const refuseRecord = (record: NewClient): Reason | undefined => {
  if (!record.name) return invalid("name", "Polar's clients have a name")
  if (record.scopes === undefined || record.scopes.length === 0)
    return invalid("scopes", "Polar gives a client without scopes every one there is; name at least one")
  if (record.tokenEndpointAuthMethod === "private_key_jwt")
    return invalid("tokenEndpointAuthMethod", "Polar has no such method")
  return strayMember(record)
}

/** Refuses changes that Polar would ignore, or that would widen the client. */
export const refuseChanges = (changes: ClientChanges): Reason | undefined => {
  if (changes.name === null || changes.name === "") return invalid("name", "Polar's clients have a name")
  if (changes.scopes === null || changes.scopes?.length === 0)
    return invalid("scopes", "Polar gives a client without scopes every one there is; name at least one")
  return strayMember(changes)
}

/** Says which member a record leaves out that Polar would keep, or turn into something else. */
export const uncleared = (record: Omit<NewClient, "clientId">, current: Client): Reason | undefined => {
  if (current.tokenEndpointAuthMethod === "none" && record.tokenEndpointAuthMethod === undefined)
    return invalid("tokenEndpointAuthMethod", 'this client is public: name "none", or Polar gives it a secret')
  const kept = extra.find((name) => current.raw[name] && !record.extra?.[name])
  return kept === undefined
    ? undefined
    : invalid(`extra.${kept}`, "Polar keeps what is left out here; it cannot be cleared")
}

/** The whole record that a client would have after changes. */
export const changed = (current: Client, changes: ClientChanges): Omit<NewClient, "clientId"> => {
  const before = {
    name: current.name ?? "",
    redirectUris: current.redirectUris,
    grantTypes: current.grantTypes,
    responseTypes: current.responseTypes,
    scopes: current.scopes,
    ...methodOf(current),
  }
  const given = Object.entries(changes).filter(
    ([name, value]) => name !== "extra" && value !== null && value !== undefined,
  )
  const cleared = Object.entries(changes).filter(([name, value]) => name !== "extra" && value === null)
  const former = Object.fromEntries(extra.flatMap((name) => (current.raw[name] ? [[name, current.raw[name]]] : [])))
  const more = Object.entries(changes.extra ?? {}).filter(([, value]) => value !== undefined)
  const record = { ...before, ...Object.fromEntries(given), extra: { ...former, ...Object.fromEntries(more) } }
  for (const [name] of cleared) delete (record as Record<string, unknown>)[name]
  return record
}

const methods = ["client_secret_basic", "client_secret_post", "none"] as const

const methodOf = ({ tokenEndpointAuthMethod: method }: Client): Pick<NewClient, "tokenEndpointAuthMethod"> => {
  const known = methods.find((each) => each === method)
  return known === undefined ? {} : { tokenEndpointAuthMethod: known }
}

/** Says which member came back otherwise than it was sent; addresses may come back normalised. */
export const differing = (sent: Omit<NewClient, "clientId">, got: Client): Reason | undefined => {
  const pairs: ReadonlyArray<readonly [string, ReadonlyArray<string> | undefined, ReadonlyArray<string>]> = [
    ["name", sent.name === undefined ? undefined : [sent.name], [got.name ?? ""]],
    ["redirectUris", sent.redirectUris?.map(normal) ?? [], got.redirectUris.map(normal)],
    ["grantTypes", sent.grantTypes, got.grantTypes],
    ["responseTypes", sent.responseTypes, got.responseTypes],
    ["scopes", sent.scopes, got.scopes],
    [
      "tokenEndpointAuthMethod",
      sent.tokenEndpointAuthMethod && [sent.tokenEndpointAuthMethod],
      [got.tokenEndpointAuthMethod ?? ""],
    ],
    ...extra.map((name) => [`extra.${name}`, address(sent.extra?.[name]), address(got.raw[name]) ?? []] as const),
  ]
  const found = pairs.find(
    ([, wanted, given]) => wanted !== undefined && [...wanted].sort().join(" ") !== [...given].sort().join(" "),
  )
  return found && invalid(found[0], "the server answered success but did not take this member over")
}

const address = (value: unknown): ReadonlyArray<string> | undefined =>
  typeof value === "string" ? [normal(value)] : undefined

const normal = (uri: string): string => URL.parse(uri)?.href ?? uri
