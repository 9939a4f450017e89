/** The token endpoint, and every grant except the authorization code grant. */
import * as Effect from "effect/Effect"
import type * as client from "openid-client"
import { splitScopes } from "../../../internal/token-members.ts"
import type { Reason } from "../../../ports/errors.ts"
import type { GrantRequest, JwtBearerOptions, RefreshOptions, Tokens } from "../../../ports/issuance.ts"
import type { Operation } from "../../../ports/provider.ts"
import { rejectArgument } from "../arguments/reject-argument.ts"
import type { Engine } from "../engine/engine.ts"
import { claimsIn } from "../http/absent-members.ts"
import { maxBytes } from "../http/limits.ts"
import { type OpenidClientCall, openidClientCall } from "../http/openid-client-call.ts"
import type { Server } from "../server.ts"
import { audienceRequest } from "./audience-request.ts"
import { expiry, expiryOutOfRange } from "./expiry.ts"
import { idTokenMismatch, isForClient, textsOf, wrongIdToken } from "./id-token.ts"

/** One request to the token endpoint. */
interface GrantCall
  extends Pick<
    OpenidClientCall<client.TokenEndpointResponse & client.TokenEndpointResponseHelpers>,
    "run" | "form" | "mismatch"
  > {
  readonly operation: Operation
}

interface Requested {
  readonly scopes: ReadonlyArray<string>
  readonly refreshToken?: string
}

/** Sends a request to the token endpoint, checks the response and converts it. */
export const grant = (engine: Engine, call: GrantCall, requested: Requested): Effect.Effect<Tokens, Reason> =>
  grantWith(engine, call, requested, bearerOnly)

/** A `grant` whose response has more members: `judge` returns them, or why the type of the token is wrong. */
export const grantWith = <More extends object>(
  engine: Engine,
  call: GrantCall,
  requested: Requested,
  judge: (response: client.TokenEndpointResponse) => More | Reason,
): Effect.Effect<Tokens & More, Reason> =>
  Effect.flatMap(
    openidClientCall(engine, {
      ...call,
      endpoint: "tokenEndpoint",
      maxBytes: maxBytes.token,
      run: async (config, client, received) => {
        const response = await call.run(config, client, received)
        return { response, idToken: response.id_token === undefined ? undefined : String(received()?.id_token) }
      },
      mismatch: (code, response, secrets) =>
        idTokenMismatch(code, response, engine, secrets) ?? call.mismatch?.(code, response, secrets),
    }),
    ({ response, idToken }): Effect.Effect<Tokens & More, Reason> => {
      if (engine.server.plausible?.(response.access_token) === false) return Effect.fail(wrongFormat)
      const more = judge(response)
      if ("_tag" in more) return Effect.fail(more)
      if (response.id_token !== undefined && !isForClient(response.claims(), engine))
        return Effect.fail(wrongIdToken(claimsIn(String(idToken)), engine, [...engine.secrets, ...textsOf(response)]))
      const expiresAt = response.expires_in === undefined ? undefined : expiry(response.expires_in, Date.now())
      if (response.expires_in !== undefined && expiresAt === undefined) return Effect.fail(expiryOutOfRange)
      return Effect.succeed({ ...tokensOf(response, idToken, requested, expiresAt, engine.server), ...more })
    },
  )

/** A token of another type must not be sent as a bearer token (RFC 6749 section 7.1). */
const bearerOnly = ({ token_type }: client.TokenEndpointResponse): object | Reason =>
  token_type.toLowerCase() === "bearer" ? {} : wrongType

export const wrongType: Reason = {
  _tag: "UnexpectedResponse",
  path: "token_type",
  detail: 'expected "bearer", the only supported type',
}

const wrongFormat: Reason = {
  _tag: "UnexpectedResponse",
  path: "access_token",
  detail: "differs from the format of this vendor's access tokens",
}

const tokensOf = (
  response: client.TokenEndpointResponse,
  idToken: string | undefined,
  requested: Requested,
  expiresAt: Date | undefined,
  server: Server,
): Tokens => {
  const refreshToken = response.refresh_token ?? requested.refreshToken
  // The ID token as the server sent it: openid-client checked it without its absent claims.
  const idClaims = idToken === undefined ? undefined : claimsIn(idToken)
  return {
    accessToken: response.access_token,
    tokenType: response.token_type,
    ...(expiresAt !== undefined && { expiresAt }),
    scopes: grantedScopes(response.scope, requested.scopes, server),
    ...(refreshToken !== undefined && { refreshToken }),
    ...(idToken !== undefined && { idToken }),
    ...(idClaims !== undefined && { idClaims }),
  }
}

/** Returns the granted scopes: those of the response, or what a missing or empty `scope` means for this server. */
const grantedScopes = (
  scope: string | undefined,
  requested: ReadonlyArray<string>,
  server: Server,
): ReadonlyArray<string> => {
  if (scope === undefined) return server.absentTokenScope === "none" ? [] : requested
  return scope === "" && server.emptyScope === "requested" ? requested : splitScopes(scope)
}

/** Replaces scopes with the server's names for them. */
export const serverScopes = ({ scopeNames }: Server, scopes: ReadonlyArray<string>): ReadonlyArray<string> =>
  scopeNames === undefined
    ? scopes
    : Array.from(
        new Set(scopes.map((scope) => (Object.hasOwn(scopeNames, scope) ? (scopeNames[scope] ?? scope) : scope))),
      )

/** Makes the parameters for scopes and audience. `undefined` scopes are not sent. */
export const grantParameters = (
  engine: Engine,
  scopes: ReadonlyArray<string> | undefined,
  audience: ReadonlyArray<string> | undefined,
): URLSearchParams => {
  const form = new URLSearchParams()
  const named = audienceRequest(engine.server, audience)
  const all = [...serverScopes(engine.server, scopes ?? []), ...named.scopes]
  if (all.length > 0) form.set("scope", all.join(" "))
  for (const [name, value] of named.parameters) form.append(name, value)
  return form
}

export const refresh = (
  engine: Engine,
  refreshToken: string,
  options: RefreshOptions = {},
): Effect.Effect<Tokens, Reason> =>
  rejectArgument(engine, "refresh.scopes", options.scopes) ??
  grant(
    engine,
    {
      operation: "refresh",
      run: (config, client) =>
        client.refreshTokenGrant(config, refreshToken, grantParameters(engine, options.scopes, undefined)),
    },
    { scopes: options.scopes ?? [], refreshToken },
  )

export const clientCredentials = (
  engine: Engine,
  { scopes, audience }: GrantRequest = {},
): Effect.Effect<Tokens, Reason> => {
  const requested = scopes ?? engine.settings.scopes
  return (
    rejectArgument(engine, "clientCredentials.audience", audience) ??
    grant(
      engine,
      {
        operation: "clientCredentials",
        run: (config, client) => client.clientCredentialsGrant(config, grantParameters(engine, requested, audience)),
      },
      { scopes: requested ?? [] },
    )
  )
}

const jwtBearerGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer"

export const jwtBearer = (
  engine: Engine,
  assertion: string,
  { scopes }: JwtBearerOptions = {},
): Effect.Effect<Tokens, Reason> => {
  const requested = scopes ?? engine.settings.scopes
  return (
    rejectArgument(engine, "jwtBearer.scopes", scopes) ??
    grant(
      engine,
      {
        operation: "jwtBearer",
        run: (config, client) => {
          const form = grantParameters(engine, requested, undefined)
          form.set("assertion", assertion)
          return client.genericGrantRequest(config, jwtBearerGrant, form)
        },
      },
      { scopes: requested ?? [] },
    )
  )
}
