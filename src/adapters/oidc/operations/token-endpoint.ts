/** The token endpoint: every grant but the code's. */
import * as Effect from "effect/Effect"
import type * as client from "openid-client"
import type { Reason } from "../../../ports/errors.ts"
import type { GrantRequest, JwtBearerOptions, RefreshOptions, Tokens } from "../../../ports/issuance.ts"
import type { Operation } from "../../../ports/provider.ts"
import { rejectArgument } from "../arguments/reject-argument.ts"
import type { Engine } from "../engine/engine.ts"
import { maxBytes } from "../http/limits.ts"
import { type OpenidClientCall, openidClientCall } from "../http/openid-client-call.ts"
import type { Server } from "../server.ts"
import { endless, expiry } from "./expiry.ts"

/** Asks the token endpoint, and puts its answer into our words. */
export const grant = (
  engine: Engine,
  call: Pick<OpenidClientCall<client.TokenEndpointResponse & client.TokenEndpointResponseHelpers>, "run" | "form"> & {
    readonly operation: Operation
  },
  asked: { readonly scopes: ReadonlyArray<string>; readonly refreshToken?: string },
): Effect.Effect<Tokens, Reason> =>
  Effect.flatMap(
    openidClientCall(engine, {
      ...call,
      endpoint: "tokenEndpoint",
      maxBytes: maxBytes.token,
      mismatch: idTokenMismatch,
    }),
    (answer): Effect.Effect<Tokens, Reason> => {
      if (engine.server.plausible?.(answer.access_token) === false) return Effect.fail(implausible)
      // One that is used in another way must not be sent as a bearer token (RFC 6749 section 7.1).
      if (answer.token_type.toLowerCase() !== "bearer") return Effect.fail(otherType)
      if (answer.id_token !== undefined && !isOurs(answer.claims(), engine)) return Effect.fail(foreignIdToken)
      const expiresAt = answer.expires_in === undefined ? undefined : expiry(answer.expires_in, Date.now())
      if (answer.expires_in !== undefined && expiresAt === undefined) return Effect.fail(endless)
      return Effect.succeed(tokens(answer, asked, expiresAt, engine.server))
    },
  )

const foreignIdToken: Reason = {
  _tag: "UnexpectedResponse",
  path: "id_token",
  detail: "a claim is missing or of another value",
}

/** The ID token contradicts what was asked: the answer is not for us. */
const idTokenMismatch = (code: string | undefined): Reason | undefined =>
  code?.startsWith("OAUTH_JWT") ? foreignIdToken : undefined

/** What the library leaves open of OpenID Connect Core section 3.1.3.7: for whom it was issued, when, and about whom. */
const isOurs = (claims: client.IDToken | undefined, { settings: { clientId, clockSkew } }: Engine): boolean =>
  claims !== undefined &&
  (claims.azp === undefined || claims.azp === clientId) &&
  claims.iat <= Date.now() / 1000 + clockSkew &&
  claims.sub !== ""

const otherType: Reason = {
  _tag: "UnexpectedResponse",
  path: "token_type",
  detail: "not bearer: no other type is supported",
}

const implausible: Reason = {
  _tag: "UnexpectedResponse",
  path: "access_token",
  detail: "lacks what every access token has",
}

const tokens = (
  answer: client.TokenEndpointResponse & client.TokenEndpointResponseHelpers,
  asked: { readonly scopes: ReadonlyArray<string>; readonly refreshToken?: string },
  expiresAt: Date | undefined,
  server: Server,
): Tokens => {
  const refreshToken = answer.refresh_token ?? asked.refreshToken
  const idClaims = answer.id_token === undefined ? undefined : answer.claims()
  return {
    accessToken: answer.access_token,
    tokenType: answer.token_type,
    ...(expiresAt !== undefined && { expiresAt }),
    scopes: grantedScopes(answer.scope, asked.scopes, server),
    ...(refreshToken !== undefined && { refreshToken }),
    ...(answer.id_token !== undefined && { idToken: answer.id_token }),
    ...(idClaims !== undefined && { idClaims }),
  }
}

/** What was granted: what the server says, and what it means by saying nothing. */
const grantedScopes = (
  said: string | undefined,
  asked: ReadonlyArray<string>,
  server: Server,
): ReadonlyArray<string> => {
  if (said === undefined) return server.absentTokenScope === "none" ? [] : asked
  return said === "" && server.emptyScope === "unsaid" ? asked : words(said)
}

/** Splits a space-separated list, as OAuth writes scopes. */
export const words = (text: string): ReadonlyArray<string> => {
  const parts = text.split(" ")
  return parts.includes("") ? parts.filter((word) => word !== "") : parts
}

/** Scopes under the server's own names. */
export const named = ({ scopeNames }: Server, scopes: ReadonlyArray<string>): ReadonlyArray<string> =>
  scopeNames === undefined
    ? scopes
    : Array.from(
        new Set(scopes.map((scope) => (Object.hasOwn(scopeNames, scope) ? (scopeNames[scope] ?? scope) : scope))),
      )

/** Writes scopes and audience as this server wants them; `undefined` scopes are not sent. */
export const parameters = (
  engine: Engine,
  scopes: ReadonlyArray<string> | undefined,
  audience: ReadonlyArray<string> | undefined,
): URLSearchParams => {
  const form = new URLSearchParams()
  if (scopes !== undefined && scopes.length > 0) form.set("scope", named(engine.server, scopes).join(" "))
  for (const each of audience ?? []) form.append(engine.server.audienceParameter ?? "audience", each)
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
        client.refreshTokenGrant(config, refreshToken, parameters(engine, options.scopes, undefined)),
    },
    { scopes: options.scopes ?? [], refreshToken },
  )

export const clientCredentials = (
  engine: Engine,
  { scopes, audience }: GrantRequest = {},
): Effect.Effect<Tokens, Reason> => {
  const asked = scopes ?? engine.settings.scopes
  return (
    rejectArgument(engine, "clientCredentials.audience", audience) ??
    grant(
      engine,
      {
        operation: "clientCredentials",
        run: (config, client) => client.clientCredentialsGrant(config, parameters(engine, asked, audience)),
      },
      { scopes: asked ?? [] },
    )
  )
}

const jwtBearerGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer"

export const jwtBearer = (
  engine: Engine,
  assertion: string,
  { scopes }: JwtBearerOptions = {},
): Effect.Effect<Tokens, Reason> => {
  const asked = scopes ?? engine.settings.scopes
  return (
    rejectArgument(engine, "jwtBearer.scopes", scopes) ??
    grant(
      engine,
      {
        operation: "jwtBearer",
        run: (config, client) => {
          const form = parameters(engine, asked, undefined)
          form.set("assertion", assertion)
          return client.genericGrantRequest(config, jwtBearerGrant, form)
        },
      },
      { scopes: asked ?? [] },
    )
  )
}
