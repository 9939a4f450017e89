/** Polar: issuance by the code grant, introspection, revocation, UserInfo, and clients by dynamic registration. */
import * as Effect from "effect/Effect"
import { z } from "zod"
import { define } from "../oidc/define.ts"
import { registration, registrationCalls } from "../oidc/registration.ts"
import { endpoint, settings } from "../oidc/settings.ts"
import { clients } from "./clients.ts"
import { errorCodes, errors, errorText } from "./errors.ts"
import { defaults, refuseRecord } from "./record.ts"

const config = z.strictObject({
  ...settings,
  environment: z.enum(["production", "sandbox"]).default("production"),
  /** The API's address, where it is neither environment's own. */
  apiUrl: endpoint.optional(),
  /** The authorization page's address, where it is neither environment's own. */
  authorizeUrl: endpoint.optional(),
})

const hosts = {
  production: { api: "https://api.polar.sh", site: "https://polar.sh" },
  sandbox: { api: "https://sandbox-api.polar.sh", site: "https://sandbox.polar.sh" },
} as const

/** What every environment called itself before it took its API's address for a name. */
const formerIssuer = "https://polar.sh"

const onlyWithSecret = (standard: string) =>
  Effect.fail({
    _tag: "UnsupportedOperation",
    standard,
    instead: "Polar asks for a client secret here; a public client can only forget a token",
  } as const)

/**
 * Makes a provider for Polar.
 *
 * @see https://polar.sh/docs/integrate/oauth2/introduction
 */
export const polar = define({
  id: "polar",
  config,
  can: [
    "authorize",
    "exchange",
    "refresh",
    "introspect",
    "revoke",
    "userInfo",
    "clients.create",
    "clients.get",
    "clients.replace",
    "clients.patch",
    "clients.remove",
    "registration.register",
    "registration.read",
    "registration.update",
    "registration.remove",
    "metadata.discover",
    "metadata.keys",
  ],
  server: ({ environment, apiUrl, authorizeUrl, clientAuth, clientSecret }) => {
    const api = apiUrl?.replace(/\/+$/, "") ?? hosts[environment].api
    return {
      issuer: api,
      formerIssuer,
      metadataUrl: `${api}/.well-known/openid-configuration`,
      endpoints: {
        authorizationEndpoint: authorizeUrl ?? `${hosts[environment].site}/oauth2/authorize`,
        tokenEndpoint: `${api}/v1/oauth2/token`,
        introspectionEndpoint: `${api}/v1/oauth2/introspect`,
        revocationEndpoint: `${api}/v1/oauth2/revoke`,
        userinfoEndpoint: `${api}/v1/oauth2/userinfo`,
        registrationEndpoint: `${api}/v1/oauth2/register`,
        jwksUri: `${api}/.well-known/jwks.json`,
      },
      clientAuth: clientAuth ?? (clientSecret ? "client_secret_post" : "none"),
      tokenUse: (_, token) => (token.startsWith("polar_rt_") ? "refresh_token" : "access_token"),
      absentTokenScope: "none",
      prompts: { none: "none", login: "login", consent: "consent", select_account: "select_account" },
      extra: ["organizations", "sub_type"],
      refuses: {
        "authorize.loginHint": "Polar's page takes no hint",
        "introspect.expect": "Polar's introspection speaks of the access token only",
      },
      errors,
      errorCodes,
      errorText,
    }
  },
  operations: (engine) => {
    const calls = registrationCalls(engine, { refuse: refuseRecord, defaults })
    return { ...registration(calls), ...clients(calls) }
  },
  override: (_, { server }) =>
    server.clientAuth === "none"
      ? { introspect: () => onlyWithSecret("RFC 7662"), revoke: () => onlyWithSecret("RFC 7009") }
      : {},
  instead: {
    clientCredentials: "an organization access token of Polar's, made in its dashboard",
    deviceAuthorization: "authorize, with a browser",
    pollDevice: "authorize, with a browser",
    jwtBearer: "authorize, with a browser",
    "session.end": "revoke the user's token, and forget it",
    "clients.list": "keep the clients that you registered",
    "clients.rotateSecret": "register another client",
    "clients.revokeTokens": "revoke, token by token",
  },
})
