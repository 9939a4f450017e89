/** Ory: a self-hosted Hydra (a public and an admin address) or Ory Network (one host and an API key). */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { z } from "zod"
import { define } from "../oidc/define.ts"
import { registration, registrationCalls } from "../oidc/registration.ts"
import { endpoint, settings } from "../oidc/settings.ts"
import { makeAdmin } from "./admin.ts"
import { clients } from "./clients.ts"
import { consent } from "./consent.ts"
import { refuseRegistration } from "./registration.ts"
import { sessions } from "./sessions.ts"
import { trust } from "./trust.ts"

const config = z.strictObject({
  ...settings,
  /** Self-hosted: where browsers and clients go. */
  publicUrl: endpoint.optional(),
  /** Self-hosted: the admin address, on a private network. */
  adminUrl: endpoint.optional(),
  /** Ory Network: the project's host. */
  projectUrl: endpoint.optional(),
  /** Ory Network: a project API key. */
  apiKey: z
    .union([
      z
        .string()
        .min(1)
        .transform((value) => Redacted.make(value)),
      z.custom<Redacted.Redacted<string>>(Redacted.isRedacted),
    ])
    .optional(),
  /** The issuer, when it is not the public address without its trailing slash. */
  issuer: endpoint.optional(),
})

type Config = z.output<typeof config>

const base = (url: string): string => url.replace(/\/+$/, "")
const publicUrl = ({ publicUrl, projectUrl }: Config): string => base(publicUrl ?? projectUrl ?? "")
const adminUrl = ({ adminUrl, projectUrl }: Config): string => base(adminUrl ?? projectUrl ?? "")

const ignoresScopes = "Ory keeps the scopes that were granted; ask for fewer at authorize"

/**
 * Makes a provider for Ory.
 *
 * @see https://www.ory.com/docs/reference/api
 */
export const ory = define({
  id: "ory",
  config,
  check: ({ publicUrl, adminUrl, projectUrl, apiKey }) => {
    const selfHosted = publicUrl !== undefined || adminUrl !== undefined
    const network = projectUrl !== undefined || apiKey !== undefined
    if (selfHosted && network)
      return [{ path: "projectUrl", message: "give publicUrl and adminUrl, or projectUrl and apiKey, not both" }]
    const needed = network ? { projectUrl, apiKey } : { publicUrl, adminUrl }
    const other = network ? "publicUrl and adminUrl when self-hosted" : "projectUrl and apiKey on Ory Network"
    return Object.entries(needed).flatMap(([path, value]) =>
      value === undefined ? [{ path, message: `required (or ${other})` }] : [],
    )
  },
  can: [
    "authorize",
    "exchange",
    "refresh",
    "clientCredentials",
    "deviceAuthorization",
    "pollDevice",
    "jwtBearer",
    "introspect",
    "revoke",
    "userInfo",
    "clients.create",
    "clients.get",
    "clients.list",
    "clients.replace",
    "clients.patch",
    "clients.remove",
    "clients.rotateSecret",
    "clients.setLifespans",
    "clients.revokeTokens",
    "registration.register",
    "registration.read",
    "registration.update",
    "registration.remove",
    "metadata.discover",
    "metadata.keys",
    "session.end",
    "consent.getLogin",
    "consent.acceptLogin",
    "consent.rejectLogin",
    "consent.getConsent",
    "consent.acceptConsent",
    "consent.rejectConsent",
    "consent.getLogout",
    "consent.acceptLogout",
    "consent.rejectLogout",
    "consent.listSessions",
    "consent.revokeSessions",
    "consent.revokeLoginSessions",
    "trust.create",
    "trust.get",
    "trust.list",
    "trust.remove",
  ],
  server: (config) => ({
    issuer: config.issuer ?? publicUrl(config),
    metadataUrl: `${publicUrl(config)}/.well-known/openid-configuration`,
    endpoints: {
      authorizationEndpoint: `${publicUrl(config)}/oauth2/auth`,
      tokenEndpoint: `${publicUrl(config)}/oauth2/token`,
      introspectionEndpoint: `${adminUrl(config)}/admin/oauth2/introspect`,
      revocationEndpoint: `${publicUrl(config)}/oauth2/revoke`,
      userinfoEndpoint: `${publicUrl(config)}/userinfo`,
      jwksUri: `${publicUrl(config)}/.well-known/jwks.json`,
      endSessionEndpoint: `${publicUrl(config)}/oauth2/sessions/logout`,
      registrationEndpoint: `${publicUrl(config)}/oauth2/register`,
      deviceAuthorizationEndpoint: `${publicUrl(config)}/oauth2/device/auth`,
    },
    clientAuth:
      config.clientAuth ??
      (config.privateKey ? "private_key_jwt" : config.clientSecret ? "client_secret_basic" : "none"),
    introspectionAuth: config.apiKey ?? "none",
    assertionAudience: "token_endpoint",
    offline: { scope: "offline_access" },
    audienceParameter: "audience",
    absentScopes: "none",
    jwt: {
      algorithms: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"],
      types: ["jwt", "at+jwt"],
      required: ["sub", "client_id", "jti"],
      forbidden: ["nonce", "at_hash", "c_hash"],
      clientId: "client_id",
      // By configuration of the server: an array, a string, or both.
      scopes: ["scp", "scope"],
    },
    prompts: {
      none: "none",
      login: "login",
      consent: "consent",
      select_account: "select_account",
      create: "registration",
    },
    extra: ["audience", "max_age", "id_token_hint", "ui_locales", "acr_values", "display"],
    refuses: { "refresh.scopes": ignoresScopes },
    errors: [
      // The database gave way to another request; the same one may succeed now. Both come as 400.
      { says: "concurrent update in another session", reason: "Unavailable" },
      { says: "multiple concurrent requests using the same token", reason: "Unavailable" },
      { status: 404, says: "Dynamic registration is not enabled", reason: "UnsupportedOperation" },
      // A malformed id is an unknown one; a newer release says so with 400.
      { status: 400, says: "parse parameter id", operations: ["trust.get", "trust.remove"], reason: "NotFound" },
      { code: "jti_known", operations: ["jwtBearer"], reason: "InvalidGrant" },
      { code: "jti_known", reason: "InvalidClient" },
      { code: "scope_not_granted", reason: "AccessDenied" },
      { code: "request_unauthorized", operations: ["userInfo"], reason: "InvalidToken" },
      { code: "token_inactive", reason: "InvalidToken" },
      // An unknown or expired challenge; the API key would have been refused in another shape.
      {
        status: 401,
        code: "request_unauthorized",
        operations: ["consent.getLogin", "consent.getConsent", "consent.getLogout"],
        reason: "NotFound",
      },
    ],
    versionDependent: ["deviceAuthorization", "pollDevice", "clients.rotateSecret"],
  }),
  operations: (engine, config) => {
    const admin = makeAdmin(engine, adminUrl(config), config.apiKey)
    return {
      ...clients(admin),
      ...registration(registrationCalls(engine, { refuse: refuseRegistration })),
      ...consent(admin),
      ...sessions(admin),
      ...trust(admin),
    }
  },
  override: (standard) => ({
    "session.end": (request) =>
      request?.idTokenHint === undefined && (request?.returnTo ?? request?.state) !== undefined
        ? Effect.fail({
            _tag: "InvalidRequest",
            field: "idTokenHint",
            detail: "Ory sends the browser to its error page for returnTo or state without it",
          })
        : standard["session.end"](request),
  }),
})
