/** What the contract must be told of a provider and of the server behind it. */
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { GrantRequest, NewClient } from "latchkey"
import type { AuthError, Identity, Operation, Transport } from "latchkey/effect"
import type { Browser, BrowserExchange } from "@latchkey/testing"

/** A client as it is registered at the server. */
export interface ContractClient {
  readonly clientId: string
  readonly clientSecret?: string
  /** A private JWK. */
  readonly privateKey?: Readonly<Record<string, unknown>> & {
    readonly kty: string
    readonly alg: string
    readonly d: string
  }
  readonly clientAuth?: "client_secret_basic" | "client_secret_post" | "private_key_jwt" | "none"
  readonly redirectUri: string
  readonly postLogoutRedirectUri: string
  /** What the provider is configured to expect of introspected tokens; nothing unless the contract says so. */
  readonly audience?: ReadonlyArray<string> | "any"
}

/**
 * The clients that the contract uses. All may use every grant that the server has, and the scopes that `ContractServer`
 * names. `basic` must be there, whatever its method; its secret should hold characters that want encoding.
 */
export type ClientKind = "basic" | "post" | "private_key_jwt" | "none" | "signed_userinfo"

/** A person at the browser. */
export interface ContractUser {
  readonly subject: string
  /** OpenID Connect claims that UserInfo should answer. */
  readonly claims: Readonly<Record<string, unknown>>
  /** Refuses to grant anything. */
  readonly refuses?: boolean
}

/** Records to register, with members that this vendor's clients have. */
export interface ClientSamples {
  readonly first: NewClient
  /** Another value for each member, to replace the first; `clears` are those it leaves out. */
  readonly second: Omit<NewClient, "clientId">
  readonly clears: ReadonlyArray<"audience" | "redirectUris" | "postLogoutRedirectUris">
  /** A client for the client credentials grant. */
  readonly service: NewClient
  /** One whose redirect URI the server refuses. */
  readonly refused: NewClient
  readonly unknownId: string
}

/** A third party, and for whom its account is connected. */
export interface ContractConnection {
  readonly app: string
  readonly who: { readonly userId: string } | { readonly organization: string }
  /** Does what the user does at the third party, from this URL on. */
  readonly visit: (browser: Browser, url: string) => Promise<unknown>
}

/** A running server. */
export interface ContractServer extends AsyncDisposable {
  readonly issuer: string
  readonly clients: { readonly [K in ClientKind]?: ContractClient } & { readonly basic: ContractClient }
  /** What `clientCredentials` is asked for. */
  readonly service: GrantRequest
  /** What a user is asked for, beside what `offline` adds. */
  readonly userScopes: ReadonlyArray<string>
  readonly samples?: ClientSamples
  /** Users that can log in: one who grants everything, one who refuses. */
  readonly users: { readonly granting: ContractUser; readonly refusing: ContractUser }
  /** Does what the user does, from this URL on, and answers the URL at which the browser leaves the server. */
  readonly visit: (browser: Browser, url: string, user: ContractUser) => Promise<string>
  /** An account elsewhere that can be connected; needed where the provider claims `connectedApps`. */
  readonly connect?: ContractConnection
  /** A JWT that `jwtBearer` exchanges for a token; a fresh one each time. */
  readonly assertion?: () => Promise<string>
}

/** An argument, and the operation it belongs to. */
export type RefusedArgument =
  | "authorize.loginHint"
  | "refresh.scopes"
  | "introspect.expect"
  | "clientCredentials.audience"
  | "session.end.state"
  | "session.end.idTokenHint"
  | "clients.list.name"

/** Everything that decides how the contract runs. */
export interface ContractOptions {
  /** Starts or finds the server; called once. */
  readonly server: () => Promise<ContractServer>
  /** Makes the provider under test for a client, with `around` put around its door. */
  readonly open: (
    server: ContractServer,
    client: ContractClient,
    around: (standard: Transport) => Transport,
  ) => Effect.Effect<Identity, AuthError, Scope.Scope>
  /** Exactly the operations that the provider is expected to claim. */
  readonly capabilities: ReadonlyArray<Operation>
  /** `"jwt"` where access tokens are JWTs that the provider validates itself; `"opaque"` unless told. */
  readonly accessTokens?: "jwt" | "opaque"
  /** Arguments that the provider refuses because its vendor would ignore them. */
  readonly refuses?: ReadonlyArray<RefusedArgument>
  /** Sentences that do not hold here, each with the reason. */
  readonly skips?: Readonly<Record<string, string>>
  /** Is given what went over the wire, when all has run. */
  readonly recorded?: (exchanges: ReadonlyArray<Exchange>) => void
}

/** One request that was really made, by the provider or by the browser. */
export interface Exchange extends BrowserExchange {
  /** Tells token requests apart. */
  readonly grantType?: string
}
