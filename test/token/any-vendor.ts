/** Every vendor on a server that publishes the keys, and an access token that each of them accepts. */
import * as Effect from "effect/Effect"
import { AuthError, type Transport, type TransportResponse } from "latchkey"
import { make } from "latchkey/effect"
import { kinde } from "latchkey/kinde"
import { type OidcConfig, oidc } from "latchkey/oidc"
import { ory } from "latchkey/ory"
import { polar } from "latchkey/polar"
import { expect } from "vitest"
import { auth0 } from "../../src/adapters/auth0/index.ts"
import { betterAuth } from "../../src/adapters/better-auth/index.ts"
import { cognito } from "../../src/adapters/cognito/index.ts"
import { entra } from "../../src/adapters/entra/index.ts"
import { keycloak } from "../../src/adapters/keycloak/index.ts"
import { logto } from "../../src/adapters/logto/index.ts"
import { okta } from "../../src/adapters/okta/index.ts"
import { zitadel } from "../../src/adapters/zitadel/index.ts"
import type { OwnAdapter } from "../../src/config.ts"
import { now, signed, signingKey } from "../jwt/signing-keys.ts"
import { policiesOff } from "../policies-off.ts"
import { documented } from "./documented-tokens.ts"
import { isResponse, type Played, playingServer } from "./playing-server.ts"

export type Json = Readonly<Record<string, unknown>>

export const keys = ["RS256", "ES384"].map((algorithm) => signingKey(algorithm))
export const [key = signingKey("RS256")] = keys
export const stranger = signingKey("RS256")
const client = { ...policiesOff, clientId: "service", clientSecret: "a secret of ours" }
const audience = ["https://api.example"]
const at = { issuer: "https://id.example", audience }

export interface Vendor {
  readonly name: string
  readonly adapter: OwnAdapter
  readonly config: object
}

const oidcWith = (name: string, config: Partial<OidcConfig>): Vendor => ({
  name: `oidc, ${name}`,
  adapter: oidc,
  config: { ...at, ...config },
})

export const vendors: ReadonlyArray<Vendor> = [
  { name: "kinde", adapter: kinde, config: { issuer: "https://acme.kinde.com", audience } },
  {
    name: "ory",
    adapter: ory,
    config: { publicUrl: "https://id.example", adminUrl: "https://admin.example", audience },
  },
  { name: "polar", adapter: polar, config: { audience } },
  oidcWith("kind by convention", {}),
  oidcWith("kind hint", { token: { kind: "hint" } }),
  oidcWith("kind access_only", { token: { kind: "access_only" } }),
  oidcWith("signature", { token: { answers: "signature" } }),
  oidcWith("introspection", { token: { answers: "introspection" } }),
  { name: "auth0", adapter: auth0, config: documented.auth0.config },
  { name: "better-auth", adapter: betterAuth, config: { issuer: "https://id.example/api/auth", audience } },
  { name: "cognito", adapter: cognito, config: documented.cognito.config },
  { name: "entra", adapter: entra, config: documented.entra.config },
  { name: "keycloak", adapter: keycloak, config: documented.keycloak.config },
  { name: "logto", adapter: logto, config: documented.logto.config },
  { name: "okta", adapter: okta, config: documented.okta.config },
  { name: "zitadel", adapter: zitadel, config: documented.zitadel.config },
]

/** Opens a vendor whose server publishes the keys, and finds every token active: with its claims, as several servers do. */
export const open = ({ adapter, config }: Vendor, more: Partial<Played> = {}, added: object = {}) => {
  const input = { ...client, ...config, ...added } as never
  const unused: Transport = { send: () => Effect.die("no request is needed") }
  const provider = Effect.runSync(Effect.scoped(adapter(input, { transport: unused })))
  const issuer = provider.backend?.instance ?? expect.unreachable("no server")
  const server = playingServer({ issuer, keys: () => keys, answer: () => ({ active: true }), ...more })
  const auth = Effect.runSync(Effect.scoped(make(adapter(input, { transport: server.transport }))))
  const { introspect } = auth as unknown as { introspect: Auth["introspect"] }
  return { ...server, introspect, issuer, jwt: provider.jwt }
}

type Auth = Effect.Success<ReturnType<typeof makeOidc>>
const makeOidc = () => make(oidc({ ...client, ...at }))

/** An access token with every member that any vendor of the list requires. */
export const accessToken = (vendor: Vendor, changes: Json = {}, header: Json = {}) => {
  const { issuer, jwt } = open(vendor)
  const aud = jwt?.audience === "any" ? audience : (jwt?.audience ?? audience)
  const type = jwt?.hasFormat === true ? jwt.types[0] : "JWT"
  const claims = {
    ...{ iss: issuer, sub: "u", aud, iat: now - 60, exp: now + 3600, jti: "AT.1", uid: "u", scp: ["read"] },
    ...{ client_id: "web", azp: "web", cid: "web", appid: "web", token_use: "access" },
    ...(vendor.adapter === keycloak && { typ: "Bearer" }),
    ...changes,
  }
  const head = { typ: type || undefined, ...header }
  return { token: signed(key, head, claims), head, claims }
}

/** Introspects a token. A token that latchkey cannot judge is an error, and not accepted either. */
export const isAccepted = async (vendor: Vendor, token: string, answer: Json | TransportResponse) => {
  const { introspect, asked } = open(vendor, {
    answer: () => (isResponse(answer) ? answer : { active: true, ...answer }),
  })
  const accepted = await Effect.runPromise(
    Effect.match(introspect(token), {
      onSuccess: ({ active }) => active,
      onFailure: (error) => (error instanceof AuthError ? false : expect.unreachable("no AuthError")),
    }),
  )
  return { accepted, asked: asked.length }
}
