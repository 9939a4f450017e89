/** A client in the words of RFC 7591 and in ours; servers add members of their own. */
import * as Redacted from "effect/Redacted"
import { z } from "zod"
import type { Client, ClientChanges, NewClient } from "../../../ports/clients.ts"
import type { Reason } from "../../../ports/errors.ts"
import type { JsonWebKeySet } from "../../../ports/metadata.ts"
import { words } from "./token-endpoint.ts"

/** Our names and the RFC's, for members that go through unchanged; `audience` and `metadata` are common additions. */
const names = {
  clientId: "client_id",
  name: "client_name",
  redirectUris: "redirect_uris",
  postLogoutRedirectUris: "post_logout_redirect_uris",
  grantTypes: "grant_types",
  responseTypes: "response_types",
  audience: "audience",
  tokenEndpointAuthMethod: "token_endpoint_auth_method",
  jwks: "jwks",
  jwksUri: "jwks_uri",
  metadata: "metadata",
} as const

/** Our name for a member of the wire's. */
export const ourName = (wire: string): string =>
  wire === "scope" ? "scopes" : (Object.entries(names).find(([, theirs]) => theirs === wire)?.[0] ?? `extra.${wire}`)

/** A refusal that names a member, with our name for it. */
export const inOurWords = (reason: Reason): Reason =>
  reason._tag === "InvalidRequest" && reason.field !== undefined ? { ...reason, field: ourName(reason.field) } : reason

/** Writes a record, or changes to one, with the RFC's names; `null` stays `null`. */
export const toWire = ({
  scopes,
  secret,
  extra,
  ...rest
}: NewClient | (ClientChanges & { readonly clientId?: never })): Record<string, unknown> => {
  const wire: Record<string, unknown> = {}
  for (const [ours, theirs] of Object.entries(names)) {
    const value = rest[ours as keyof typeof rest]
    if (value !== undefined) wire[theirs] = value
  }
  if (scopes !== undefined) wire.scope = scopes === null ? null : scopes.join(" ")
  if (secret !== undefined && secret !== null)
    wire.client_secret = Redacted.isRedacted(secret) ? Redacted.value(secret) : secret
  for (const [name, value] of Object.entries(extra ?? {})) if (value !== undefined) wire[name] = value
  return wire
}

/** Some servers write `null` for an array that nobody set. */
const strings = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? [])
const text = z
  .string()
  .nullish()
  .transform((value) => value || undefined)
const date = z
  .string()
  .nullish()
  .transform((value) => {
    const time = Date.parse(value ?? "")
    return time > 0 ? new Date(time) : undefined
  })

const record = z.looseObject({
  client_id: z.string().refine((id) => id.isWellFormed()),
  client_name: text,
  redirect_uris: strings,
  post_logout_redirect_uris: strings,
  grant_types: strings,
  response_types: strings,
  scope: text,
  audience: strings,
  token_endpoint_auth_method: text,
  jwks: z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).nullish() }).nullish(),
  jwks_uri: text,
  client_id_issued_at: z.number().nullish(),
  created_at: date,
  updated_at: date,
  client_secret: text,
  registration_access_token: text,
  registration_client_uri: text,
  metadata: z
    .unknown()
    .optional()
    .transform((value) =>
      typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {},
    ),
})

/** Reads a client. The secrets of the answer are in their own members, never in `raw`. */
export const client: z.ZodType<Client> = z.unknown().transform((wire, context) => {
  const parsed = record.safeParse(wire)
  if (parsed.success) return read(parsed.data, wire as Readonly<Record<string, unknown>>)
  context.addIssue({ code: "custom", path: [...(parsed.error.issues[0]?.path ?? [])], message: "not a client" })
  return z.NEVER
})

const read = (wire: z.output<typeof record>, whole: Readonly<Record<string, unknown>>): Client => {
  const { client_secret: _secret, registration_access_token: token, registration_client_uri: uri, ...raw } = whole
  const createdAt =
    wire.created_at ?? (wire.client_id_issued_at ? new Date(wire.client_id_issued_at * 1000) : undefined)
  return {
    clientId: wire.client_id,
    ...(wire.client_name !== undefined && { name: wire.client_name }),
    redirectUris: wire.redirect_uris,
    postLogoutRedirectUris: wire.post_logout_redirect_uris,
    grantTypes: wire.grant_types,
    responseTypes: wire.response_types,
    scopes: words(wire.scope ?? ""),
    audience: wire.audience,
    ...(wire.token_endpoint_auth_method !== undefined && { tokenEndpointAuthMethod: wire.token_endpoint_auth_method }),
    ...(wire.jwks?.keys?.length && { jwks: { keys: wire.jwks.keys } satisfies JsonWebKeySet }),
    ...(wire.jwks_uri !== undefined && { jwksUri: wire.jwks_uri }),
    ...(createdAt !== undefined && { createdAt }),
    ...(wire.updated_at !== undefined && { updatedAt: wire.updated_at }),
    ...(wire.client_secret !== undefined && { secret: Redacted.make(wire.client_secret) }),
    // An answer to a client's own update may hold the token alone.
    ...(typeof token === "string" && {
      registration: { token: Redacted.make(token), uri: Redacted.make(typeof uri === "string" ? uri : "") },
    }),
    metadata: wire.metadata,
    raw,
  }
}
