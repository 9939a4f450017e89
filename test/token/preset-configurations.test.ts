/** The configurations of the presets: what is rejected, which keys verify a token, what an explanation says. */
import * as Effect from "effect/Effect"
import { fromEnv } from "latchkey"
import { auth0 } from "latchkey/auth0"
import { cognito } from "latchkey/cognito"
import { type Explanation, make, type Transport } from "latchkey/effect"
import { entra } from "latchkey/entra"
import { logto } from "latchkey/logto"
import { oidc } from "latchkey/oidc"
import { okta } from "latchkey/okta"
import { zitadel } from "latchkey/zitadel"
import { describe, expect, test } from "vitest"
import { signed, signingKey } from "../jwt/signing-keys.ts"
import { policiesOff } from "../policies-off.ts"
import { json } from "../unit/scripted-transport.ts"
import { documented } from "./documented-tokens.ts"
import { playingServer } from "./playing-server.ts"

const client = { clientId: "service", clientSecret: "a secret of ours" }
const audience = ["https://api.example"]

const paths = (issues: ReadonlyArray<{ readonly path: string }>): ReadonlyArray<string> =>
  issues.map(({ path }) => path)

describe("the configuration of a preset", () => {
  test.each([
    [
      "an Auth0 issuer without its slash",
      auth0.check({ ...client, audience, issuer: "https://acme.eu.auth0.com" }),
      "issuer",
    ],
    ["the org server of Okta", okta.check({ ...client, audience, issuer: "https://acme.okta.com" }), "issuer"],
    ["a Zitadel issuer with a slash", zitadel.check({ ...client, issuer: "https://acme.zitadel.cloud/" }), "issuer"],
    ["no tenant of Entra ID", entra.check({ ...client, audience, tenants: [] }), "tenants"],
    [
      "a Cognito pool without its domain",
      cognito.check({ ...client, audience, issuer: "https://a.example/p" }),
      "domain",
    ],
    [
      "a Cognito pool with a slash",
      cognito.check({ ...client, ...documented.cognito.config, issuer: `${documented.cognito.config.issuer}/` }),
      "issuer",
    ],
    ["the issuer of Logto", logto.check({ ...client, audience, endpoint: "https://acme.logto.app/oidc" }), "endpoint"],
    ["a Logto tenant without an audience", logto.check({ ...client, endpoint: "https://acme.logto.app" }), "audience"],
    ["a token profile", okta.check({ ...client, ...documented.okta.config, token: { kind: "hint" } }), "token"],
  ])("rejects %s", (_, issues, path) => {
    expect(paths(issues)).toEqual([path])
  })

  test.each(["common", "organizations", "consumers", "{tenantid}", "acme.example"])(
    "of entra rejects the tenant %s",
    (tenant) => {
      expect(paths(entra.check({ ...client, audience, tenants: [tenant] }))).toEqual(["tenants.0"])
    },
  )

  test.each(["auth0", "cognito", "entra", "logto", "okta"] as const)("of %s requires an audience", (name) => {
    const { audience: _, ...config } = documented[name].config
    const adapter = { auth0, cognito, entra, logto, okta }[name]
    expect(paths(adapter.check({ ...client, ...config }))).toEqual(["audience"])
  })

  test("of entra says what there is instead of a revocation and of a token exchange", async () => {
    const provider = await Effect.runPromise(Effect.scoped(entra({ ...client, ...documented.entra.config })))
    expect(provider.instead.revoke).toContain("Entra ID has no revocation endpoint")
    expect(provider.instead.exchangeToken).toContain("on-behalf-of")
  })

  test("of entra has the tenant in lower case, as `iss` has it, whatever digits the id has", async () => {
    const tenants = ["AAAABBBB-0000-CCCC-1111-DDDD2222EEEE"]
    const provider = await Effect.runPromise(Effect.scoped(entra({ ...client, audience, tenants })))
    expect(provider.backend?.instance).toBe(
      "https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/v2.0",
    )
  })

  test("is read from the environment", async () => {
    const provider = await Effect.runPromise(
      Effect.scoped(
        fromEnv({
          LATCHKEY_PROVIDER: "entra",
          LATCHKEY_TENANTS: "11111111-2222-4333-8444-555555555555 99999999-2222-4333-8444-555555555555",
          LATCHKEY_CLIENT_ID: "service",
          LATCHKEY_CLIENT_SECRET: "a secret of ours",
          LATCHKEY_AUDIENCE: "https://api.example",
        }),
      ),
    )
    expect(provider.id).toBe("entra")
  })
})

describe("a token of a second tenant", () => {
  const [first, second] = [signingKey("RS256"), signingKey("RS256")]
  const [one, two] = documented.entra.config.tenants

  /** The first tenant has the first key, and the second tenant the second key. */
  const transport: Transport = {
    send: ({ url }) =>
      Effect.sync(() =>
        url.endsWith("openid-configuration")
          ? json({
              issuer: `https://login.microsoftonline.com/${one}/v2.0`,
              jwks_uri: `https://login.microsoftonline.com/${one}/discovery/v2.0/keys`,
            })
          : json({ keys: [url.includes(two) ? second.jwk : first.jwk] }),
      ),
  }

  test.each([
    ["its own tenant", second, true],
    ["the first tenant", first, false],
  ] as const)("signed with the key of %s is judged by its own tenant's keys", async (_, key, active) => {
    const token = documented.entra.tokens.find(({ name }) => name === "a user's token of the second tenant")
    const jwt = signed(key, { typ: "JWT" }, token?.claims ?? {})
    const config = { ...documented.entra.config, ...client, ...policiesOff }
    const auth = Effect.runSync(Effect.scoped(make(entra(config, { transport }))))
    expect(await Effect.runPromise(auth.introspect(jwt))).toMatchObject({ active })
  })
})

describe("a refresh token, where one is expected and an audience is configured,", () => {
  const issuer = "https://id.example"
  const kind = [{ in: "token", use: "refresh_token" }] as const

  test.each([
    ["is active if its response names no audience", {}, true],
    ["is active if its response names the issuer", { aud: issuer }, true],
    ["is active if its response names the configured audience", { aud: audience }, true],
    ["is inactive if its response names another server", { aud: "https://other.example" }, false],
    ["is inactive if its response names another API beside the issuer", { aud: [issuer, "https://b.example"] }, false],
  ])("%s", async (_, members, active) => {
    const { transport } = playingServer({ issuer, answer: () => ({ active: true, client_id: "web", ...members }) })
    const config = { ...client, ...policiesOff, issuer, audience, token: { kind } }
    const auth = Effect.runSync(Effect.scoped(make(oidc(config, { transport }))))
    expect(await Effect.runPromise(auth.introspect("refresh", { expect: "refresh_token" }))).toMatchObject({ active })
  })
})

describe("the explanation of a refresh token", () => {
  test("names the kind, and no audience", async () => {
    const answer = { active: true, token_type: "Bearer", client_id: "web", sub: "u", device_id: "d" }
    const { issuer } = documented.okta.config
    const { transport } = playingServer({ issuer, keys: () => [], answer: () => answer })
    const auth = Effect.runSync(
      Effect.scoped(make(okta({ ...documented.okta.config, ...client, ...policiesOff }, { transport }))),
    )
    const explanation: Explanation = await Effect.runPromise(auth.explain("oktarefreshtokenoktarefreshtoken"))
    expect(explanation.checks.filter(({ passed }) => !passed).map(({ check }) => check)).toEqual(["response.kind"])
  })
})
