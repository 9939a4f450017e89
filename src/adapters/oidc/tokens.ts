/** The token endpoint: every grant but the code's. */
import * as Effect from "effect/Effect"
import * as client from "openid-client"
import type { Reason } from "../../ports/errors.ts"
import type { GrantRequest, JwtBearerOptions, RefreshOptions, Tokens } from "../../ports/issuance.ts"
import type { Operation } from "../../ports/provider.ts"
import type { Engine } from "./engine.ts"
import { type LibraryCall, viaLibrary } from "./library.ts"
import { refuseArgument } from "./refuse.ts"

/** Far more than any token answer, far less than an attack. */
const maxBytes = 64 << 10

/** Asks the token endpoint, and puts its answer into our words. */
export const grant = (
  engine: Engine,
  call: Pick<LibraryCall<client.TokenEndpointResponse & client.TokenEndpointResponseHelpers>, "run" | "form"> & {
    readonly operation: Operation
  },
  asked: { readonly scopes: ReadonlyArray<string>; readonly refreshToken?: string },
): Effect.Effect<Tokens, Reason> =>
  Effect.map(
    viaLibrary(engine, { ...call, endpoint: "tokenEndpoint", maxBytes, mismatch: idTokenMismatch }),
    (answer) => tokens(answer, asked),
  )

/** The ID token contradicts what was asked: the answer is not for us. */
const idTokenMismatch = (code: string | undefined): Reason | undefined =>
  code?.startsWith("OAUTH_JWT")
    ? { _tag: "UnexpectedResponse", path: "id_token", detail: "a claim is missing or of another value" }
    : undefined

const tokens = (
  answer: client.TokenEndpointResponse & client.TokenEndpointResponseHelpers,
  asked: { readonly scopes: ReadonlyArray<string>; readonly refreshToken?: string },
): Tokens => {
  const refreshToken = answer.refresh_token ?? asked.refreshToken
  const idClaims = answer.id_token === undefined ? undefined : answer.claims()
  return {
    accessToken: answer.access_token,
    tokenType: answer.token_type,
    ...(answer.expires_in !== undefined && { expiresAt: new Date(Date.now() + answer.expires_in * 1000) }),
    scopes: answer.scope === undefined ? asked.scopes : words(answer.scope),
    ...(refreshToken !== undefined && { refreshToken }),
    ...(answer.id_token !== undefined && { idToken: answer.id_token }),
    ...(idClaims !== undefined && { idClaims }),
  }
}

/** Splits a space-separated list, as OAuth writes scopes. */
export const words = (text: string): ReadonlyArray<string> => text.split(" ").filter((word) => word !== "")

/** Writes scopes and audience as this server wants them; `undefined` scopes are not sent. */
export const parameters = (
  engine: Engine,
  scopes: ReadonlyArray<string> | undefined,
  audience: ReadonlyArray<string> | undefined,
): URLSearchParams => {
  const form = new URLSearchParams()
  if (scopes !== undefined && scopes.length > 0) form.set("scope", scopes.join(" "))
  for (const each of audience ?? []) form.append(engine.server.audienceParameter ?? "audience", each)
  return form
}

export const refresh = (
  engine: Engine,
  refreshToken: string,
  options: RefreshOptions = {},
): Effect.Effect<Tokens, Reason> =>
  refuseArgument(engine, "refresh.scopes", options.scopes) ??
  grant(
    engine,
    {
      operation: "refresh",
      run: (config) => client.refreshTokenGrant(config, refreshToken, parameters(engine, options.scopes, undefined)),
    },
    { scopes: options.scopes ?? [], refreshToken },
  )

export const clientCredentials = (
  engine: Engine,
  { scopes, audience }: GrantRequest = {},
): Effect.Effect<Tokens, Reason> => {
  const asked = scopes ?? engine.settings.scopes
  return (
    refuseArgument(engine, "clientCredentials.audience", audience) ??
    grant(
      engine,
      {
        operation: "clientCredentials",
        run: (config) => client.clientCredentialsGrant(config, parameters(engine, asked, audience)),
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
    refuseArgument(engine, "jwtBearer.scopes", scopes) ??
    grant(
      engine,
      {
        operation: "jwtBearer",
        run: (config) => {
          const form = parameters(engine, asked, undefined)
          form.set("assertion", assertion)
          return client.genericGrantRequest(config, jwtBearerGrant, form)
        },
      },
      { scopes: asked ?? [] },
    )
  )
}
