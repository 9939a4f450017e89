/** An application: Kinde's name for a client. */
import { z } from "zod"
import { issuedSecret } from "../../internal/issued-secret.ts"
import type { Client, ClientChanges, NewClient } from "../../ports/clients.ts"
import type { Reason } from "../../ports/errors.ts"

/** The type of an application. It is fixed when the application is created. */
export type ApplicationType = "reg" | "spa" | "m2m" | "device"

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

/** The grants and the client authentication method of each type. */
const types: Readonly<
  Record<ApplicationType, { readonly grants: ReadonlyArray<string>; readonly auth: "client_secret_post" | "none" }>
> = {
  reg: { grants: ["authorization_code", "refresh_token"], auth: "client_secret_post" },
  spa: { grants: ["authorization_code", "refresh_token"], auth: "none" },
  m2m: { grants: ["client_credentials"], auth: "client_secret_post" },
  device: { grants: [deviceGrant], auth: "none" },
}

/** Kinde's own settings that `extra` may hold. */
const settings = [
  "has_marketing_consent",
  "has_register_link_on_sign_in_page",
  "has_sign_in_link_on_sign_up_page",
  "has_sign_in_with_sso_button",
  "homepage_uri",
  "is_access_control_enabled",
  "is_allow_faceless_auth",
  "is_ask_for_name",
  "language_key",
  "login_uri",
  "use_gravatar_fallback",
]

const invalid = (field: string, detail: string): Reason => ({ _tag: "InvalidRequest", field, detail })

/** Members of a client that an application does not have. */
const unsupportedMembers = ["clientId", "scopes", "audience", "jwks", "jwksUri", "secret", "metadata"] as const

/** Rejects what Kinde would ignore. Only a new application may have `org_code`. */
export const checkRecord = (record: NewClient | ClientChanges, isNew: boolean): Reason | undefined => {
  const field = unsupportedMembers.find((name) => name in record && record[name as keyof typeof record] !== undefined)
  if (field !== undefined) return invalid(field, "Kinde's applications do not have this member: leave it out")
  const extra = isNew ? [...settings, "org_code"] : settings
  const unknown = Object.keys(record.extra ?? {}).find((name) => !extra.includes(name))
  if (unknown !== undefined) return invalid(`extra.${unknown}`, "Kinde documents no such member of an application")
  const fixed = (["grantTypes", "responseTypes", "tokenEndpointAuthMethod"] as const).find(
    (name) => record[name] === null,
  )
  if (fixed !== undefined) return invalid(fixed, "cannot be cleared: Kinde fixes it when the application is created")
  if (record.responseTypes?.some((type) => type !== "code"))
    return invalid("responseTypes", 'Kinde supports "code" only')
  return undefined
}

/** Settings that Kinde keeps if a request omits them. It documents no way to clear them. */
const permanentSettings = ["homepage_uri", "login_uri"]

/** Rejects a replacement that omits a setting which Kinde would keep. */
export const checkCleared = (record: Pick<NewClient, "extra">, current: Client): Reason | undefined => {
  const omitted = permanentSettings.find((name) => current.raw[name] && record.extra?.[name] === undefined)
  return omitted === undefined ? undefined : invalid(`extra.${omitted}`, "give a value: Kinde keeps an omitted one")
}

/** Fails for a member that Kinde did not store as it was sent. Settings that Kinde does not return are not compared. */
export const checkStored = (sent: ClientChanges, stored: Client): Reason | undefined => {
  const members: ReadonlyArray<readonly [name: string, sent: unknown, stored: unknown]> = [
    ["name", sent.name, stored.name],
    ["redirectUris", sent.redirectUris === null ? [] : sent.redirectUris, stored.redirectUris],
    [
      "postLogoutRedirectUris",
      sent.postLogoutRedirectUris === null ? [] : sent.postLogoutRedirectUris,
      stored.postLogoutRedirectUris,
    ],
    ...Object.entries(sent.extra ?? {})
      .filter(([name]) => name in stored.raw)
      .map(([name, value]) => [fieldOf(name), value ?? "", stored.raw[name] ?? ""] as const),
  ]
  const different = members.find(([, sent, stored]) => sent !== undefined && sorted(sent) !== sorted(stored))
  return different && invalid(different[0], "the server reported success but did not store this value")
}

/** Returns the path in latchkey's record of a member of an application. */
export const fieldOf = (name: string): string => (settings.includes(name) ? `extra.${name}` : name)

const sorted = (value: unknown): string => JSON.stringify(Array.isArray(value) ? [...value].sort() : value)

/** Returns the type of application for a record, or the reason why there is none. */
export const typeOf = ({
  grantTypes,
  tokenEndpointAuthMethod: auth,
}: Pick<NewClient, "grantTypes" | "tokenEndpointAuthMethod">): ApplicationType | Reason => {
  const grants = grantTypes ?? ["authorization_code", "refresh_token"]
  const only = (grant: string) => grants.length === 1 && grants[0] === grant
  const type = only("client_credentials") ? "m2m" : only(deviceGrant) ? "device" : auth === "none" ? "spa" : "reg"
  if (grants.length === 0 || grants.some((grant) => !types[type].grants.includes(grant)))
    return invalid("grantTypes", "expected authorization_code and refresh_token, or one other grant alone")
  if (auth !== undefined && auth !== types[type].auth)
    return invalid("tokenEndpointAuthMethod", `expected "${types[type].auth}" with these grants`)
  return type
}

export const isReason = (value: ApplicationType | Reason): value is Reason => typeof value === "object"

const text = z
  .string()
  .nullish()
  .transform((value) => value || undefined)

/** The response to `GET /applications/{id}`. It contains the secret, and no URLs. */
export const application = z.looseObject({
  application: z.looseObject({ id: z.string(), client_id: text, client_secret: text, name: text, type: z.string() }),
})

/** Makes a client from an application and its URLs. The secret is omitted: only `clients.create` returns it. */
export const clientOf = (
  { application: wire }: z.output<typeof application>,
  urls: { readonly redirectUris: ReadonlyArray<string>; readonly postLogoutRedirectUris: ReadonlyArray<string> },
): Client => {
  const { client_secret: _secret, ...raw } = wire
  const type = Object.hasOwn(types, wire.type) ? types[wire.type as ApplicationType] : undefined
  return {
    clientId: wire.client_id ?? wire.id,
    ...(wire.name !== undefined && { name: wire.name }),
    ...urls,
    grantTypes: type?.grants ?? [],
    responseTypes: type?.grants.includes("authorization_code") ? ["code"] : [],
    scopes: [],
    audience: [],
    ...(type !== undefined && { tokenEndpointAuthMethod: type.auth }),
    metadata: {},
    raw,
  }
}

/** The response to `POST /applications`. */
export const created = z.looseObject({
  application: z.looseObject({
    id: z.string(),
    client_id: text,
    client_secret: text.transform((value) => (value === undefined ? undefined : issuedSecret(value))),
  }),
})

/** The response to `GET /applications`. Each application has three members. */
export const applications = z.looseObject({
  applications: z
    .array(z.looseObject({ id: z.string(), name: text, type: text }))
    .nullish()
    .transform((list) => list ?? []),
  next_token: text,
})
