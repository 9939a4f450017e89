/** The configuration of the `oidc` adapter. */
import { z } from "zod"
import type { CommonConfig, Secret } from "./configuration/common-config.ts"
import { secret } from "./configuration/secret.ts"
import { baseUrl, endpoint, settings } from "./configuration/settings.ts"
import { type OidcToken, token } from "./configuration/token-settings.ts"

/** The configuration of the `oidc` adapter. */
export interface OidcConfig extends CommonConfig {
  /** The issuer identifier, exactly as the server publishes it. */
  readonly issuer: string
  /** The URL of the metadata document. Default: the issuer with `/.well-known/openid-configuration`. */
  readonly metadataUrl?: string | undefined
  /** Endpoints that are not discovered. An endpoint on another origin than the metadata document must be listed here. */
  readonly endpoints?: OidcEndpoints | undefined
  /** The format of the server's tokens, and its deviations from the standards in operations on tokens. */
  readonly token?: OidcToken | undefined
  /**
   * The initial access token that `registration.register` sends, for a server that requires one.
   *
   * @see https://www.rfc-editor.org/rfc/rfc7591#section-3
   */
  readonly initialAccessToken?: Secret | undefined
}

/** The endpoints of a server, with the names of RFC 8414. */
export interface OidcEndpoints {
  readonly authorizationEndpoint?: string | undefined
  readonly tokenEndpoint?: string | undefined
  readonly introspectionEndpoint?: string | undefined
  readonly revocationEndpoint?: string | undefined
  readonly userinfoEndpoint?: string | undefined
  readonly jwksUri?: string | undefined
  readonly endSessionEndpoint?: string | undefined
  readonly registrationEndpoint?: string | undefined
  readonly deviceAuthorizationEndpoint?: string | undefined
}

const url = endpoint.optional()

export const config = z.strictObject({
  ...settings,
  issuer: baseUrl,
  metadataUrl: url,
  endpoints: z
    .strictObject({
      authorizationEndpoint: url,
      tokenEndpoint: url,
      introspectionEndpoint: url,
      revocationEndpoint: url,
      userinfoEndpoint: url,
      jwksUri: url,
      endSessionEndpoint: url,
      registrationEndpoint: url,
      deviceAuthorizationEndpoint: url,
    })
    .optional(),
  token: token.optional(),
  initialAccessToken: secret.optional(),
})
