import { registrableScopes } from "./scopes.ts"
import type { SubjectType } from "./subject-type.ts"

export type AuthMethod = "client_secret_post" | "client_secret_basic" | "none"

/** Client metadata (RFC 7591). Members that were never sent are absent. */
export interface ClientMetadata {
  readonly redirect_uris: ReadonlyArray<string>
  readonly token_endpoint_auth_method: AuthMethod
  readonly grant_types: ReadonlyArray<string>
  readonly response_types: ReadonlyArray<string>
  readonly scope: string
  readonly client_name: string
  readonly client_uri?: string
  readonly logo_uri?: string
  readonly tos_uri?: string
  readonly policy_uri?: string
}

export interface ClientRecord {
  readonly id: string
  /** Public clients have a secret too; only the client list contains it. */
  readonly secret: string
  readonly registrationToken: string
  readonly owner: string | undefined
  readonly firstParty: boolean
  readonly defaultSubType: SubjectType
  readonly metadata: ClientMetadata
  /** In milliseconds since 1970. */
  readonly createdAt: number
  readonly modifiedAt: number | undefined
  readonly deleted: boolean
}

/** The values of omitted members, in a registration and in every replacement. */
export const metadataDefaults = {
  token_endpoint_auth_method: "client_secret_post",
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
  scope: registrableScopes.join(" "),
} as const

const isPublic = (client: ClientRecord): boolean => client.metadata.token_endpoint_auth_method === "none"

/**
 * Renders a client for the responses to registration, reading and replacement.
 *
 * It contains no nulls, and no secret if the client is public.
 */
export const registrationView = (client: ClientRecord, apiUrl: string): Readonly<Record<string, unknown>> => ({
  ...client.metadata,
  client_id: client.id,
  ...(isPublic(client) ? {} : { client_secret: client.secret }),
  client_id_issued_at: Math.floor(client.createdAt / 1000),
  ...(isPublic(client) ? {} : { client_secret_expires_at: 0 }),
  registration_client_uri: `${apiUrl}/v1/oauth2/register/${client.id}`,
  registration_access_token: client.registrationToken,
})
