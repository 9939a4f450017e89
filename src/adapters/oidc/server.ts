/** What a definition says of its server: values first, small functions where a value will not do. */
import type * as Redacted from "effect/Redacted"
import type { ClientAuthMethod } from "../../ports/clients.ts"
import type { Reason } from "../../ports/errors.ts"
import type { ActiveToken } from "../../ports/introspection.ts"
import type { JwtProfile } from "../../ports/jwt-profile.ts"
import type { ServerMetadata } from "../../ports/metadata.ts"
import type { Operation, Traits } from "../../ports/provider.ts"
import type { TransportResponse } from "../../ports/transport.ts"

/** The URLs of a server, under RFC 8414's names. */
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

/** A portable argument that not every vendor honours. */
export type Argument =
  | "authorize.loginHint"
  | "clientCredentials.audience"
  | "deviceAuthorization.audience"
  | "refresh.scopes"
  | "jwtBearer.scopes"
  | "introspect.expect"
  | "session.end.idTokenHint"
  | "session.end.returnTo"
  | "session.end.state"

/** One row of a vendor's error table; the first that fits decides, before the standard's. */
export interface ErrorRow {
  readonly status?: number
  /** The body's `error` member, or what `errorCodes` finds. */
  readonly code?: string
  /** Words in the body's `error` or `error_description`, where one code means several things. */
  readonly says?: string
  readonly operations?: ReadonlyArray<Operation>
  /** What to say in place of the vendor's words. */
  readonly detail?: string
  readonly reason: Reason["_tag"] &
    (
      | "InvalidClient"
      | "InvalidGrant"
      | "InvalidRequest"
      | "InvalidToken"
      | "AccessDenied"
      | "NotFound"
      | "Unavailable"
      | "UnsupportedOperation"
    )
}

/** How the engine gets a token of its own: a client credentials grant, where and for which API. */
export interface ServiceTokenGrant {
  readonly tokenEndpoint: string
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted<string>
  readonly clientAuth: ClientAuthMethod
  readonly audience: string
}

/** A server as the engine sees it. */
export interface Server {
  /** Compared byte for byte with what the server says of itself. */
  readonly issuer: string
  /** Another name that the server gave itself until lately, and may still. */
  readonly formerIssuer?: string
  /** Where the metadata is. */
  readonly metadataUrl: string
  /** All the endpoints, when they are known: then nothing is discovered. */
  readonly endpoints?: Endpoints
  /** How the client proves itself. */
  readonly clientAuth: ClientAuthMethod
  /**
   * How introspection is authorized, where it is not as the client authenticates elsewhere: by this bearer token, by
   * the token of `serviceToken`, by the client's secret in a header, or not at all.
   */
  readonly introspectionAuth?: Redacted.Redacted<string> | "service_token" | "client_secret_basic" | "none"
  /** The service client whose token the vendor wants for calls about everybody. */
  readonly serviceToken?: ServiceTokenGrant
  /** The audience of client assertions. Default `"issuer"`. */
  readonly assertionAudience?: "issuer" | "token_endpoint"
  /** What asks for a refresh token. Absent: nothing need be asked. */
  readonly offline?: { readonly scope: string; readonly prompt?: string }
  /** The server's own names for scopes. */
  readonly scopeNames?: Readonly<Record<string, string>>
  /** What a token answer without `scope` means. Default: what was asked for was granted (RFC 6749 section 5.1). */
  readonly absentTokenScope?: "none"
  /** What an empty `scope` in a token answer means. Default `"none"`. */
  readonly emptyScope?: "unsaid" | "none"
  /** Says whether an access token just issued can be one; default: any string can. */
  readonly plausible?: (accessToken: string) => boolean
  /** Where the browser goes after logging out. Default `post_logout_redirect_uri`. */
  readonly returnToParameter?: string
  /** The parameter that names the APIs a token is for. Absent: `audience` is refused. */
  readonly audienceParameter?: "audience" | "resource"
  /** The server's words for `prompt`; one that is not there is refused. Default: the standard's words. */
  readonly prompts?: Readonly<Record<string, string>>
  /** Authorization parameters of the vendor's own that `extra` may hold. */
  readonly extra?: ReadonlyArray<string>
  /** Arguments that this vendor would ignore, each with what to do instead. */
  readonly refuses?: Readonly<Partial<Record<Argument, string>>>
  readonly errors?: ReadonlyArray<ErrorRow>
  /** Finds error codes where the standard has none. */
  readonly errorCodes?: (answer: TransportResponse) => ReadonlyArray<string>
  /** Finds words about what is wrong where the standard has none. */
  readonly errorText?: (answer: TransportResponse) => string | undefined
  /** Operations that only some releases have: a 404 that is no resource's means that this one lacks it. */
  readonly versionDependent?: ReadonlyArray<Operation>
  /** Which kind of token an introspection answer speaks of. Default: by `token_use`. */
  readonly tokenUse?: (raw: Readonly<Record<string, unknown>>, token: string) => ActiveToken["use"]
  /** The member of an introspection answer that says what kind of subject it speaks of. */
  readonly subjectTypeMember?: string
  /** What an introspection answer without `scope` means. Default `"unsaid"`. */
  readonly absentScopes?: "unsaid" | "none"
  /** What its JWT access tokens look like; issuer, audience and clock skew are the configuration's. */
  readonly jwt?: Omit<JwtProfile, "issuer" | "audience" | "clockSkew">
  /** What the vendor does in bad times. */
  readonly traits?: Traits
  /** Takes an answer that names no kind for an access token's. Default: such a token is inactive. */
  readonly trustUnknownUse?: boolean
}

/** Says whether a name is one of the server's own. */
export const isIssuer = ({ issuer, formerIssuer }: Server, name: unknown): boolean =>
  name === issuer || (formerIssuer !== undefined && name === formerIssuer)
