/** The server of a definition: its endpoints, and how it deviates from the standards. */
import type * as Redacted from "effect/Redacted"
import type { ClientAuthMethod } from "../../ports/clients.ts"
import type { Reason } from "../../ports/errors.ts"
import type { ServerMetadata } from "../../ports/metadata.ts"
import type { Operation, Traits } from "../../ports/provider.ts"
import type { TokenProfile } from "../../ports/token-profile.ts"
import type { TransportResponse } from "../../ports/transport.ts"

/** The URLs of a server, under RFC 8414's names in camel case. */
export type Endpoints = Partial<Pick<ServerMetadata, EndpointName>>

export type EndpointName =
  | "authorizationEndpoint"
  | "tokenEndpoint"
  | "introspectionEndpoint"
  | "revocationEndpoint"
  | "userinfoEndpoint"
  | "jwksUri"
  | "endSessionEndpoint"
  | "registrationEndpoint"
  | "deviceAuthorizationEndpoint"

/** An argument that some vendors ignore. */
export type Argument =
  | "authorize.audience"
  | "authorize.loginHint"
  | "clientCredentials.audience"
  | "deviceAuthorization.audience"
  | "refresh.scopes"
  | "jwtBearer.scopes"
  | `exchangeToken.${"actorToken" | "audience" | "resource" | "scopes" | "requestedTokenType"}`
  | "introspect.expect"
  | "session.end.returnTo"
  | "session.end.state"

/** One row of a vendor's error table. The first row that matches a response decides, before the standard's table. */
export interface ErrorRow {
  readonly status?: number | undefined
  /** The body's `error` member, or a code that `errorCodes` finds. */
  readonly code?: string | undefined
  /** A text in the body's `error` or `error_description`, if one code means several things. */
  readonly contains?: string | undefined
  readonly operations?: ReadonlyArray<Operation> | undefined
  /** The detail of the error, instead of the vendor's text. */
  readonly detail?: string | undefined
  readonly reason:
    | (Reason["_tag"] &
        (
          | "InvalidClient"
          | "InvalidGrant"
          | "InvalidRequest"
          | "InvalidToken"
          | "AccessDenied"
          | "NotFound"
          | "Unavailable"
          | "UnsupportedOperation"
        ))
    /** `"Inactive"`: the result of `introspect` is an inactive token. `"Done"`: `revoke` has nothing left to do. */
    | "Inactive"
    | "Done"
}

/** How a request names the APIs of a token: in a parameter, or in a scope made from this template. */
export type AudienceParameter = "audience" | "resource" | { readonly scope: string }

/** The parameters that request a refresh token in `authorize`. */
export interface Offline {
  readonly scope?: string | undefined
  readonly prompt?: string | undefined
  readonly parameters?: Readonly<Record<string, string>> | undefined
}

/** The names of a logout URL's parameters; `null` for a parameter that the server does not take. */
export interface EndSessionParameters {
  /** Default `post_logout_redirect_uri`. */
  readonly returnTo?: string
  /** Default `client_id`. */
  readonly clientId?: string | null
}

/** The tokens that a revocation endpoint accepts; `"opaque"`: every token that is not a JWT. */
export type Revokes = "any" | "opaque" | "refresh_token" | "nothing"

/** How the engine gets the service token: the client credentials grant of a service client. */
export interface ServiceTokenGrant {
  readonly tokenEndpoint: string
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted<string>
  readonly clientAuth: ClientAuthMethod
  /** The management API. */
  readonly audience: string
}

/** A server: the data that the engine reads. */
export interface Server {
  /** The issuer. It is compared byte for byte with the metadata document and with `iss`. */
  readonly issuer: string
  /** An earlier issuer of the same server, which the server may still send. */
  readonly formerIssuer?: string
  /** The URL of the metadata document. */
  readonly metadataUrl: string
  /** The endpoints that are known. Other endpoints are discovered. */
  readonly endpoints?: Endpoints
  /** How the client authenticates. */
  readonly clientAuth: ClientAuthMethod
  /**
   * How introspection requests authenticate, if not with `clientAuth`: with this bearer token, with the service token,
   * with the client secret in a Basic header, or not at all.
   */
  readonly introspectionAuth?: Redacted.Redacted<string> | "service_token" | "client_secret_basic" | "none"
  /** How to get the service token, for a vendor whose management API requires one. */
  readonly serviceToken?: ServiceTokenGrant
  /** The audience of client assertions; a list has every URL that the server may compare with. Default `"issuer"`. */
  readonly assertionAudience?: "issuer" | "token_endpoint" | ReadonlyArray<string>
  /** The parameters that request a refresh token. Absent: the server requires none. */
  readonly offline?: Offline
  /** The server's names for scopes, by the standard name. */
  readonly scopeNames?: Readonly<Record<string, string>>
  /**
   * What a token response without `scope` means. `"none"`: no scope was granted. Default: the requested scopes were
   * granted (RFC 6749 section 5.1).
   */
  readonly absentTokenScope?: "none"
  /**
   * What an empty `scope` in a token response means: the requested scopes were granted, or no scope. Default `"none"`.
   */
  readonly emptyScope?: "requested" | "none"
  /** Whether an issued access token has this vendor's format. Default: any string has. */
  readonly plausible?: (accessToken: string) => boolean
  /** The logout URL takes no `id_token_hint`: a hint is dropped. */
  readonly ignoresIdTokenHint?: true
  /** The names of the logout URL's parameters. Default: those of OpenID Connect RP-Initiated Logout. */
  readonly endSession?: EndSessionParameters
  /** How a request names the APIs of a token. Absent: the argument `audience` is unsupported. */
  readonly audienceParameter?: AudienceParameter
  /** The tokens that the revocation endpoint accepts. Default `"any"`. Others are rejected before anything is sent. */
  readonly revokes?: Revokes
  /** Further origins that discovered endpoints may be on. Default: the origin of the metadata document only. */
  readonly origins?: ReadonlyArray<string>
  /** The advice for a discovered endpoint on another origin. Default: the members of the `oidc` configuration. */
  readonly originAdvice?: string
  /**
   * The server's values of `prompt`, by the standard value. Other values are unsupported. Default: the standard values.
   */
  readonly prompts?: Readonly<Record<string, string>>
  /** The vendor's own authorization parameters that `extra` may hold. */
  readonly extra?: ReadonlyArray<string>
  /** Arguments that this vendor would ignore, each with what to do instead. */
  readonly unsupportedArguments?: Readonly<Partial<Record<Argument, string>>>
  /** The vendor's error table. */
  readonly errors?: ReadonlyArray<ErrorRow>
  /** Finds error codes outside the standard's `error` member. */
  readonly errorCodes?: (response: TransportResponse) => ReadonlyArray<string>
  /** Finds an error description outside the standard's `error_description` member. */
  readonly errorText?: (response: TransportResponse) => string | undefined
  /**
   * The operations that only some releases have. A 404 that is not `NotFound` means that the release lacks the
   * operation.
   */
  readonly versionDependent?: ReadonlyArray<Operation>
  /** The format of the server's tokens. */
  readonly token?: TokenProfile
  /** The member of an introspection response that holds the subject type. */
  readonly subjectTypeMember?: string
  /**
   * What an introspection response without `scope` means: the scopes are unknown, or there is no scope. Default
   * `"unknown"`.
   */
  readonly absentScopes?: "unknown" | "none"
  /** The behaviour of the vendor during its own outages and after a revocation. */
  readonly traits?: Traits
}

/** Whether a value is the server's issuer or its earlier one. */
export const isIssuer = ({ issuer, formerIssuer }: Server, value: unknown): boolean =>
  value === issuer || (formerIssuer !== undefined && value === formerIssuer)

/** The server's issuer, and its earlier one if there is one. */
export const issuersOf = ({ issuer, formerIssuer }: Server): ReadonlyArray<string> =>
  formerIssuer === undefined ? [issuer] : [issuer, formerIssuer]

/** Whether a value is an issuer of tokens: one of the server's own, or one that its token profile lists. */
export const isTokenIssuer = (server: Server, value: unknown): boolean =>
  isIssuer(server, value) || server.token?.issuers?.some(({ issuer }) => issuer === value) === true

/** The issuers of tokens. */
export const tokenIssuers = ({ issuer, formerIssuer, token }: Server): ReadonlyArray<string> => [
  issuer,
  ...(formerIssuer === undefined ? [] : [formerIssuer]),
  ...(token?.issuers ?? []).map((each) => each.issuer),
]
