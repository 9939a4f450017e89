/** The argument `audience` of `authorize` and `clientCredentials`: one meaning at every vendor, or refused. */
import * as Effect from "effect/Effect"
import { AuthError } from "latchkey"
import { make } from "latchkey/effect"
import { kinde } from "latchkey/kinde"
import { oidc } from "latchkey/oidc"
import { ory } from "latchkey/ory"
import { polar } from "latchkey/polar"
import { expect, test } from "vitest"
import { auth0 } from "../../src/adapters/auth0/index.ts"
import { betterAuth } from "../../src/adapters/better-auth/index.ts"
import { cognito } from "../../src/adapters/cognito/index.ts"
import { entra } from "../../src/adapters/entra/index.ts"
import { keycloak } from "../../src/adapters/keycloak/index.ts"
import { logto } from "../../src/adapters/logto/index.ts"
import { okta } from "../../src/adapters/okta/index.ts"
import { zitadel } from "../../src/adapters/zitadel/index.ts"
import type { OwnAdapter } from "../../src/config.ts"
import { policiesOff } from "../policies-off.ts"
import { json } from "../unit/scripted-transport.ts"
import { documented } from "./documented-tokens.ts"

const api = "https://api.example"
const client = {
  ...policiesOff,
  clientId: "service",
  clientSecret: "a secret of ours",
  redirectUri: "https://app.example/cb",
}
const at = { issuer: "https://id.example" }

/** What a request has for the audience: a parameter, a scope, or nothing because the argument is refused. */
type Named = readonly ["audience" | "resource" | "scope", string] | "refused"

const vendors: ReadonlyArray<readonly [string, OwnAdapter, object, Named]> = [
  ["kinde", kinde, { issuer: "https://acme.kinde.com", audience: [api] }, ["audience", api]],
  ["ory", ory, { publicUrl: "https://id.example", adminUrl: "https://admin.example" }, ["audience", api]],
  ["polar", polar, {}, "refused"],
  ["oidc", oidc, at, "refused"],
  ["oidc with audience", oidc, { ...at, token: { audienceParameter: "audience" } }, ["audience", api]],
  ["oidc with resource", oidc, { ...at, token: { audienceParameter: "resource" } }, ["resource", api]],
  [
    "oidc with a scope",
    oidc,
    { ...at, token: { audienceParameter: { scope: "aud:{audience}" } } },
    ["scope", `aud:${api}`],
  ],
  ["auth0", auth0, documented.auth0.config, ["audience", api]],
  ["better-auth", betterAuth, documented["better-auth"].config, ["resource", api]],
  ["cognito", cognito, documented.cognito.config, "refused"],
  ["entra", entra, documented.entra.config, ["scope", `${api}/.default`]],
  ["keycloak", keycloak, documented.keycloak.config, "refused"],
  ["logto", logto, documented.logto.config, ["resource", api]],
  ["okta", okta, documented.okta.config, "refused"],
  ["zitadel", zitadel, documented.zitadel.config, ["scope", `urn:zitadel:iam:org:project:id:${api}:aud`]],
]

/** Kinde's access tokens have a key id, an issuer and an expiry. */
const accessToken = [{ kid: "k" }, { iss: "i", exp: 1 }, {}].map((part) => btoa(JSON.stringify(part))).join(".")

const named = ["authorize", "clientCredentials", "deviceAuthorization"] as const
type Call = (typeof named)[number]

/** Makes a call with an audience, and returns the parameters that reached the server or the browser. */
const requestOf = async (adapter: OwnAdapter, config: object, name: Call, audience: ReadonlyArray<string>) => {
  const sent: Array<URLSearchParams> = []
  const issuer = Effect.runSync(
    Effect.scoped(adapter({ ...client, ...config } as never, { transport: { send: () => Effect.die("none") } })),
  ).backend?.instance
  const endpoints = {
    authorization_endpoint: "https://id.example/a",
    device_authorization_endpoint: `${issuer?.replace(/\/$/, "")}/device`,
    token_endpoint: `${issuer?.replace(/\/$/, "")}/token`,
  }
  const transport = {
    send: ({ body }: { readonly body?: string | undefined }) =>
      Effect.sync(() => {
        if (body === undefined) return json({ issuer, ...endpoints })
        sent.push(new URLSearchParams(body))
        const device = { device_code: "d", user_code: "u", verification_uri: "https://id.example/device" }
        return json({ ...device, access_token: accessToken, token_type: "bearer", expires_in: 60 })
      }),
  }
  const made = Effect.runSync(Effect.scoped(make(adapter({ ...client, ...config } as never, { transport }))))
  const auth = made as unknown as Effect.Success<ReturnType<typeof makeOidc>>
  const call: Effect.Effect<unknown, AuthError> = auth[name]({ audience })
  const result = await Effect.runPromise(
    Effect.match(call, { onSuccess: (value) => value, onFailure: (error) => error }),
  )
  if (result instanceof AuthError) return { error: result, sent }
  if (name === "authorize") sent.push(new URL((result as { readonly url: string }).url).searchParams)
  return { error: undefined, sent }
}
const makeOidc = () => make(oidc({ ...client, ...at }))

const calls = vendors.flatMap(([vendor, adapter, config, parameter]) =>
  named
    .filter((name) => (adapter as unknown as { readonly can: ReadonlyArray<string> }).can.includes(name))
    .map((name) => [vendor, name, adapter, config, parameter] as const),
)

test.each(calls)(
  "%s: %s({ audience }) names each API as the vendor reads it, or is refused before a request",
  async (_, name, adapter, config, expected) => {
    const other = "https://other.example"
    const { error, sent } = await requestOf(adapter, config, name, [api, other])
    if (expected === "refused") {
      expect(error).toMatchObject({ reason: { _tag: "UnsupportedOperation", argument: "audience" } })
      expect(sent).toEqual([])
      return
    }
    expect(error).toBeUndefined()
    const [parameter, value] = expected
    expect(sent).toHaveLength(1)
    const values = sent[0]?.getAll(parameter).flatMap((each) => (parameter === "scope" ? each.split(" ") : each))
    expect(values).toEqual(expect.arrayContaining([value, value.replace(api, other)]))
    for (const unused of ["audience", "resource"].filter((each) => each !== parameter))
      expect(sent[0]?.has(unused)).toBe(false)
  },
)
