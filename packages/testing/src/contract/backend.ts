/** The input of the contract: a running server, its clients and users, and a function that makes the provider. */

import type { Browser, BrowserExchange } from "@latchkey/testing"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { GrantRequest, NewClient, NewRegistration } from "latchkey"
import type { AuthError, Identity, Operation, Transport } from "latchkey/effect"

/** A client that is registered at the server. */
export interface ContractClient {
  readonly clientId: string
  readonly clientSecret?: string
  /** A private JWK, for `private_key_jwt`. */
  readonly privateKey?: Readonly<Record<string, unknown>> & {
    readonly kty: string
    readonly alg: string
    readonly d: string
  }
  /** The method of client authentication. Default: that of the adapter. */
  readonly clientAuth?: "client_secret_basic" | "client_secret_post" | "private_key_jwt" | "none"
  readonly redirectUri: string
  readonly postLogoutRedirectUri: string
  /** The audience in the provider's configuration. The contract sets it; leave it out in `clients`. */
  readonly audience?: ReadonlyArray<string> | "any"
}

/**
 * The roles of the clients in the contract.
 *
 * Every client may use all grants of the server and the scopes of `ContractServer`. `basic` is required, with any
 * authentication method; its secret should contain characters that need encoding. `signed_userinfo` gets UserInfo
 * responses as JWTs.
 */
export type ClientKind = "basic" | "post" | "private_key_jwt" | "none" | "signed_userinfo"

/** A user who can log in. */
export interface ContractUser {
  readonly subject: string
  /** The expected OpenID Connect claims of the UserInfo response. */
  readonly claims: Readonly<Record<string, unknown>>
  /** Whether the user denies every authorization request. */
  readonly refuses?: boolean
}

/** Client records to register, with the members that the vendor supports. */
export interface ClientSamples {
  /** A complete record. */
  readonly first: NewClient
  /** A record that replaces `first`. It has a different value for each member, and omits those in `clears`. */
  readonly second: Omit<NewClient, "clientId">
  /** The members of `first` that `second` omits. */
  readonly clears: ReadonlyArray<"audience" | "redirectUris" | "postLogoutRedirectUris">
  /** A client for the client credentials grant. */
  readonly service: NewClient
  /** A record with a redirect URI that the server rejects. */
  readonly rejected: NewClient
  /** A well-formed client id that is not registered. */
  readonly unknownId: string
}

/** A third party, and the owner of the account to connect. */
export interface ContractConnection {
  /** The vendor's name for the third party: the `app` of `connectedApps.authUrl`. */
  readonly app: string
  /** The user or the organization that owns the account. */
  readonly owner: { readonly userId: string } | { readonly organization: string }
  /** Performs the user's steps at the third party, beginning at the URL. */
  readonly visit: (browser: Browser, url: string) => Promise<unknown>
}

/** A running server. The contract disposes it at the end. */
export interface ContractServer extends AsyncDisposable {
  /** The issuer in the metadata document. */
  readonly issuer: string
  /** The registered clients. A sentence about a client that is missing here must be in `skips`. */
  readonly clients: { readonly [K in ClientKind]?: ContractClient } & { readonly basic: ContractClient }
  /** The request for `clientCredentials`. */
  readonly service: GrantRequest
  /** The scopes that a login requests, without the scope that `offline` adds. */
  readonly userScopes: ReadonlyArray<string>
  /** Required if the provider has `clients.create`. */
  readonly samples?: ClientSamples
  /** A record that a client registers for itself. Default: a client with a redirect URI on loopback and the scope `openid`. */
  readonly registration?: NewRegistration
  /** `granting` grants every request, `refusing` denies every request. */
  readonly users: { readonly granting: ContractUser; readonly refusing: ContractUser }
  /** Performs the user's steps, beginning at the URL. Returns the first URL outside the server. */
  readonly visit: (browser: Browser, url: string, user: ContractUser) => Promise<string>
  /** An account that can be connected. Required if the provider has `connectedApps.authUrl`. */
  readonly connect?: ContractConnection
  /** Makes a new JWT for the operation `jwtBearer`. */
  readonly assertion?: () => Promise<string>
}

/** An argument that some vendors ignore, after the name of its operation. */
export type UnsupportedArgument =
  | "authorize.loginHint"
  | "refresh.scopes"
  | "introspect.expect"
  | "clientCredentials.audience"
  | "session.end.state"
  | "clients.list.name"

/** The options of `providerContract`. */
export interface ContractOptions {
  /** Starts the server, or connects to it. Called once. */
  readonly server: () => Promise<ContractServer>
  /** Makes the provider for a client. Pass `transport` to the adapter as its option: it records the requests. */
  readonly open: (
    server: ContractServer,
    client: ContractClient,
    transport: (standard: Transport) => Transport,
  ) => Effect.Effect<Identity, AuthError, Scope.Scope>
  /** The expected members of `can`, all of them. */
  readonly capabilities: ReadonlyArray<Operation>
  /** `"jwt"`: the provider validates access tokens locally. Default: `"opaque"`. */
  readonly accessTokens?: "jwt" | "opaque"
  /**
   * `"signature"`: the vendor has no introspection, and the signature of an access token decides. Default:
   * introspection.
   */
  readonly answers?: "signature"
  /** The arguments that the provider rejects with `UnsupportedOperation`, because the vendor would ignore them. */
  readonly unsupportedArguments?: ReadonlyArray<UnsupportedArgument>
  /** The reasons to skip sentences that are not true for this server, by sentence. */
  readonly skips?: Readonly<Record<string, string>>
  /** Called once at the end, with every request of the providers and browsers. */
  readonly onExchanges?: (exchanges: ReadonlyArray<Exchange>) => void
}

/** A request of a provider or a browser that got a response. */
export interface Exchange extends BrowserExchange {
  /** The `grant_type` of a token request. */
  readonly grantType?: string
}
