/** Calls that a definition's error table or its list of unsupported arguments decides, as its vendor answers them. */
import * as Effect from "effect/Effect"
import type { AuthError, Provider, Streamed } from "latchkey/effect"
import type { StandardOperation } from "latchkey/oidc"
import type { TransportResponse } from "../../src/ports/transport.ts"
import { json } from "../unit/scripted-transport.ts"
import type { Name } from "./definitions.ts"

export type Calls = Streamed<Provider<StandardOperation>>

/** A call, the vendor's response to it, and how it ends: with the tag of a reason, or `"done"`. */
export interface Refusal {
  readonly name: string
  readonly call: (auth: Calls) => Effect.Effect<unknown, AuthError>
  readonly response: TransportResponse
  readonly end: string
}

const refusal = (
  name: string,
  call: Refusal["call"],
  [status, error, description]: readonly [number, string, string?],
  end: string,
): Refusal => ({ name, call, response: json({ error, error_description: description }, status), end })

const clientCredentials: Refusal["call"] = (auth) => auth.clientCredentials({})
const introspect: Refusal["call"] = (auth) => auth.introspect("opaque")
const refresh: Refusal["call"] = (auth) => auth.refresh("refresh-token")
const revoke: Refusal["call"] = (auth) => auth.revoke("opaque")
const userInfo: Refusal["call"] = (auth) => auth.userInfo("opaque")
const exchange: Refusal["call"] = (auth) =>
  Effect.flatMap(auth.authorize({}), ({ transaction }) =>
    auth.exchange(`https://app.example/cb?code=c&state=${transaction.state}`, transaction),
  )
const exchangeToken =
  (more: object): Refusal["call"] =>
  (auth) =>
    auth.exchangeToken({ subjectToken: "token", subjectTokenType: "access_token", ...more })

const betterAuth: ReadonlyArray<Refusal> = [
  ...(
    [
      ["exchange", exchange, "InvalidGrant"],
      ["refresh", refresh, "InvalidClient"],
    ] as const
  ).map(([name, call, end]) =>
    refusal(`a wrong PKCE verifier at ${name}`, call, [401, "invalid_request", "code verification failed"], end),
  ),
  refusal("another refusal of a code", exchange, [401, "invalid_client", "invalid client_secret"], "InvalidClient"),
  refusal("a token without openid", userInfo, [400, "invalid_scope", "Missing required scope"], "AccessDenied"),
  refusal("another refusal of userInfo", userInfo, [400, "invalid_request", "bad"], "InvalidRequest"),
  refusal("a scope that is not allowed", clientCredentials, [400, "invalid_scope", "no"], "InvalidRequest"),
  refusal("an unknown token", revoke, [400, "invalid_request", "token not found"], "done"),
  refusal("another refusal of a revocation", revoke, [400, "invalid_request", "bad"], "InvalidRequest"),
  refusal(
    "an unknown token at another operation",
    refresh,
    [400, "invalid_request", "token not found"],
    "InvalidRequest",
  ),
]

const wrongSecret = "Invalid client or Invalid client credentials"
const noServiceAccount = "Client not enabled to retrieve service account"

const keycloak: ReadonlyArray<Refusal> = [
  refusal(
    "an actor token",
    exchangeToken({ actorToken: "a", actorTokenType: "jwt" }),
    [400, "x"],
    "UnsupportedOperation",
  ),
  refusal("a resource", exchangeToken({ resource: ["https://a.example"] }), [400, "x"], "UnsupportedOperation"),
  refusal(
    "an unknown audience",
    exchangeToken({ audience: ["nobody"] }),
    [400, "invalid_client", "Audience not found"],
    "InvalidRequest",
  ),
  refusal(
    "a wrong secret for a token exchange",
    exchangeToken({}),
    [401, "invalid_client", wrongSecret],
    "InvalidClient",
  ),
  refusal(
    "an audience of another code",
    exchangeToken({}),
    [400, "invalid_grant", "Audience not found"],
    "InvalidGrant",
  ),
  refusal("an audience of another operation", refresh, [400, "invalid_client", "Audience not found"], "InvalidClient"),
  refusal("no service account", clientCredentials, [401, "unauthorized_client", noServiceAccount], "InvalidRequest"),
  refusal("a wrong secret", clientCredentials, [401, "unauthorized_client", wrongSecret], "InvalidClient"),
  refusal("a service account of another code", refresh, [401, "invalid_client", noServiceAccount], "InvalidClient"),
  refusal("no offline tokens", refresh, [400, "not_allowed", "Offline tokens not allowed"], "AccessDenied"),
  refusal("another refusal of a refresh token", refresh, [400, "invalid_grant", "Session not active"], "InvalidGrant"),
  refusal("no database", introspect, [400, "invalid_request", "Failed to introspect token."], "Unavailable"),
  refusal(
    "a broken text elsewhere",
    refresh,
    [400, "invalid_request", "Failed to introspect token."],
    "InvalidRequest",
  ),
  refusal(
    "no clients",
    refresh,
    [400, "unauthorized_client", "Unexpected error when authenticating client"],
    "Unavailable",
  ),
  refusal("a public client", introspect, [403, "invalid_request", "Client not allowed."], "InvalidClient"),
  refusal("a client of another status", introspect, [400, "invalid_request", "Client not allowed."], "InvalidRequest"),
  refusal("a disabled realm", introspect, [403, "access_denied", "Realm not enabled"], "AccessDenied"),
  refusal("a client at another operation", revoke, [403, "invalid_request", "Client not allowed."], "InvalidRequest"),
  refusal("another client's token", revoke, [400, "invalid_request", "Unmatching clients"], "AccessDenied"),
  refusal("an ID token", revoke, [400, "unsupported_token_type", "Unsupported token type"], "InvalidRequest"),
  refusal("a token of another operation", refresh, [400, "invalid_request", "Unmatching clients"], "InvalidRequest"),
]

export const refusals: Readonly<Partial<Record<Name, ReadonlyArray<Refusal>>>> = {
  "better-auth": betterAuth,
  keycloak,
}
