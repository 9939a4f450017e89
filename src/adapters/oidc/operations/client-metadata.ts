/** Converts clients between the port's names and the names of RFC 7591. */
import * as Redacted from "effect/Redacted"
import { z } from "zod"
import { issuedSecret } from "../../../internal/issued-secret.ts"
import { splitScopes } from "../../../internal/token-members.ts"
import type { Client, ClientChanges, NewClient } from "../../../ports/clients.ts"
import type { Reason } from "../../../ports/errors.ts"
import type { JsonWebKeySet } from "../../../ports/metadata.ts"
import { type Json, withRaw } from "../http/json-response.ts"

/**
 * The port's names and the RFC's, for members that are not converted. `audience` and `metadata` are common extensions.
 */
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

/** Returns the port's name of a member. */
export const portName = (rfcName: string): string =>
  rfcName === "scope"
    ? "scopes"
    : (Object.entries(names).find(([, name]) => name === rfcName)?.[0] ?? `extra.${rfcName}`)

/** Replaces the name of the field in a reason with the port's name. */
export const withPortName = (reason: Reason): Reason =>
  reason._tag === "InvalidRequest" && reason.field !== undefined ? { ...reason, field: portName(reason.field) } : reason

/** Converts a client, or changes to one, to the RFC's names. `null` stays `null`. */
export const toWire = ({
  scopes,
  secret,
  extra,
  ...rest
}: NewClient | (ClientChanges & { readonly clientId?: never })): Record<string, unknown> => {
  const wire: Record<string, unknown> = {}
  for (const [name, rfcName] of Object.entries(names)) {
    const value = rest[name as keyof typeof rest]
    if (value !== undefined) wire[rfcName] = value
  }
  if (scopes !== undefined) wire.scope = scopes === null ? null : scopes.join(" ")
  if (secret !== undefined && secret !== null)
    wire.client_secret = Redacted.isRedacted(secret) ? Redacted.value(secret) : secret
  for (const [name, value] of Object.entries(extra ?? {})) if (value !== undefined) wire[name] = value
  return wire
}

const strings = z.array(z.string()).default([])
const optionalString = z.string().optional()
const optionalDate = z
  .string()
  .optional()
  .transform((value) => {
    const time = Date.parse(value ?? "")
    return time > 0 ? new Date(time) : undefined
  })

const wireClient = z.looseObject({
  client_id: z.string().refine((id) => id.isWellFormed()),
  client_name: optionalString,
  redirect_uris: strings,
  post_logout_redirect_uris: strings,
  grant_types: strings,
  response_types: strings,
  scope: optionalString,
  audience: strings,
  token_endpoint_auth_method: optionalString,
  jwks: z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).nullish() }).optional(),
  jwks_uri: optionalString,
  client_id_issued_at: z.number().optional(),
  created_at: optionalDate,
  updated_at: optionalDate,
  client_secret: optionalString,
  registration_access_token: optionalString,
  registration_client_uri: optionalString,
  metadata: z
    .unknown()
    .optional()
    .transform((value) =>
      typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {},
    ),
})

/** Parses a client. The secrets of the response are in their own members, never in `raw`. */
export const client: z.ZodType<Client> = withRaw(wireClient).transform(({ value, raw }) => clientOf(value, raw))

const clientOf = (wire: z.output<typeof wireClient>, response: Json): Client => {
  const { client_secret: _secret, registration_access_token: _token, registration_client_uri: _uri, ...raw } = response
  const { registration_access_token: token, registration_client_uri: uri } = wire
  const createdAt =
    wire.created_at ?? (wire.client_id_issued_at ? new Date(wire.client_id_issued_at * 1000) : undefined)
  return {
    clientId: wire.client_id,
    ...(wire.client_name !== undefined && { name: wire.client_name }),
    redirectUris: wire.redirect_uris,
    postLogoutRedirectUris: wire.post_logout_redirect_uris,
    grantTypes: wire.grant_types,
    responseTypes: wire.response_types,
    scopes: splitScopes(wire.scope ?? ""),
    audience: wire.audience,
    ...(wire.token_endpoint_auth_method !== undefined && { tokenEndpointAuthMethod: wire.token_endpoint_auth_method }),
    ...(wire.jwks?.keys?.length && { jwks: { keys: wire.jwks.keys } satisfies JsonWebKeySet }),
    ...(wire.jwks_uri !== undefined && { jwksUri: wire.jwks_uri }),
    ...(createdAt !== undefined && { createdAt }),
    ...(wire.updated_at !== undefined && { updatedAt: wire.updated_at }),
    ...(wire.client_secret !== undefined && { secret: issuedSecret(wire.client_secret) }),
    // A response of RFC 7592 may have the token without the URL.
    ...(token !== undefined && {
      registration: { token: issuedSecret(token), uri: issuedSecret(uri ?? "") },
    }),
    metadata: wire.metadata,
    raw,
  }
}
