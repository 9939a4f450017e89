/** An application of Kinde's, which is its word for a client. */
import * as Redacted from "effect/Redacted"
import { z } from "zod"
import type { Client, ClientChanges, NewClient } from "../../ports/clients.ts"
import type { Reason } from "../../ports/errors.ts"

/** What an application is for; fixed when it is made. */
export type ApplicationType = "reg" | "spa" | "m2m" | "device"

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

/** The grants of each type, and how its clients prove themselves. */
const types: Readonly<
  Record<ApplicationType, { readonly grants: ReadonlyArray<string>; readonly auth: "client_secret_post" | "none" }>
> = {
  reg: { grants: ["authorization_code", "refresh_token"], auth: "client_secret_post" },
  spa: { grants: ["authorization_code", "refresh_token"], auth: "none" },
  m2m: { grants: ["client_credentials"], auth: "client_secret_post" },
  device: { grants: [deviceGrant], auth: "none" },
}

/** Settings of Kinde's own that `extra` may hold. */
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

/** Members that an application does not have. */
const absent = ["clientId", "scopes", "audience", "jwks", "jwksUri", "secret", "metadata"] as const

/** Refuses what Kinde would ignore; `organization` is a member of a new application only. */
export const refuseRecord = (record: NewClient | ClientChanges, isNew: boolean): Reason | undefined => {
  const field = absent.find((name) => name in record && record[name as keyof typeof record] !== undefined)
  if (field !== undefined) return invalid(field, "Kinde's applications have no such member")
  const extra = isNew ? [...settings, "org_code"] : settings
  const unknown = Object.keys(record.extra ?? {}).find((name) => !extra.includes(name))
  if (unknown !== undefined) return invalid(`extra.${unknown}`, "not an application member that Kinde documents")
  const fixed = (["grantTypes", "responseTypes", "tokenEndpointAuthMethod"] as const).find(
    (name) => record[name] === null,
  )
  if (fixed !== undefined) return invalid(fixed, "Kinde fixes it when the application is made; it cannot be cleared")
  if (record.responseTypes?.some((type) => type !== "code"))
    return invalid("responseTypes", "Kinde has the code flow only")
  return undefined
}

/** Addresses of Kinde's own that stay when they are left out. */
const kept = ["homepage_uri", "login_uri"]

/** Says which setting a whole record leaves out that would stay: nothing documents how to clear it. */
export const uncleared = (record: Pick<NewClient, "extra">, current: Client): Reason | undefined => {
  const left = kept.find((name) => current.raw[name] && record.extra?.[name] === undefined)
  return left === undefined ? undefined : invalid(`extra.${left}`, "Kinde keeps what is left out here; name it")
}

/** Says which member came back otherwise than it was sent; of settings, those that Kinde shows. */
export const differing = (sent: ClientChanges, got: Client): Reason | undefined => {
  const members: ReadonlyArray<readonly [name: string, sent: unknown, got: unknown]> = [
    ["name", sent.name, got.name],
    ["redirectUris", sent.redirectUris === null ? [] : sent.redirectUris, got.redirectUris],
    [
      "postLogoutRedirectUris",
      sent.postLogoutRedirectUris === null ? [] : sent.postLogoutRedirectUris,
      got.postLogoutRedirectUris,
    ],
    ...Object.entries(sent.extra ?? {})
      .filter(([name]) => name in got.raw)
      .map(([name, value]) => [inOurWords(name), value ?? "", got.raw[name] ?? ""] as const),
  ]
  const found = members.find(([, sent, got]) => sent !== undefined && sorted(sent) !== sorted(got))
  return found && invalid(found[0], "the server answered success but did not take this member over")
}

/** Our name for a member of an application. */
export const inOurWords = (name: string): string => (settings.includes(name) ? `extra.${name}` : name)

const sorted = (value: unknown): string => JSON.stringify(Array.isArray(value) ? [...value].sort() : value)

/** Finds the type that a record asks for, or says why there is none. */
export const typeOf = ({
  grantTypes,
  tokenEndpointAuthMethod: auth,
}: Pick<NewClient, "grantTypes" | "tokenEndpointAuthMethod">): ApplicationType | Reason => {
  const grants = grantTypes ?? ["authorization_code", "refresh_token"]
  const only = (grant: string) => grants.length === 1 && grants[0] === grant
  const type = only("client_credentials") ? "m2m" : only(deviceGrant) ? "device" : auth === "none" ? "spa" : "reg"
  if (grants.length === 0 || grants.some((grant) => !types[type].grants.includes(grant)))
    return invalid("grantTypes", "an application of Kinde's has the code and refresh grants, or one other alone")
  if (auth !== undefined && auth !== types[type].auth)
    return invalid("tokenEndpointAuthMethod", `such an application has "${types[type].auth}"`)
  return type
}

export const isReason = (value: ApplicationType | Reason): value is Reason => typeof value === "object"

const text = z
  .string()
  .nullish()
  .transform((value) => value || undefined)

/** `GET /applications/{id}`: everything but the URLs, and the secret each time. */
export const application = z.looseObject({
  application: z.looseObject({ id: z.string(), client_id: text, client_secret: text, name: text, type: z.string() }),
})

/** Puts an application and its URLs into our words. Its secret stays out: it is given when it is made, and then no more. */
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

/** `POST /applications`. */
export const created = z.looseObject({
  application: z.looseObject({
    id: z.string(),
    client_id: text,
    client_secret: text.transform((value) => (value === undefined ? undefined : Redacted.make(value))),
  }),
})

/** `GET /applications`: three members each. */
export const applications = z.looseObject({
  applications: z
    .array(z.looseObject({ id: z.string(), name: text, type: text }))
    .nullish()
    .transform((list) => list ?? []),
  next_token: text,
})
