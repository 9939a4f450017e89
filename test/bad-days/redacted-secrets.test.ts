import { inspect } from "node:util"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { createAuth, fromEnv } from "latchkey"
import { oidc } from "latchkey/oidc"
import { ory } from "latchkey/ory"
import { describe, expect, it } from "vitest"
import { leaked, runAndPrint } from "./leaks.ts"
import { oidcAt, oryAt, oryNetworkAt, secrets } from "./providers.ts"
import { scripted } from "./scripted-server.ts"
import { asJson, basic, json, respond } from "./scripts.ts"

const print = (value: unknown) =>
  `${JSON.stringify(value)} ${inspect(value, { depth: 20, showHidden: true, getters: true })}`

describe("the secrets of a client", () => {
  const record = {
    client_id: "new",
    metadata: {},
    client_secret: secrets.newClientSecret,
    registration_access_token: "ory_at_pebblefountain",
    registration_client_uri: "https://vendor.example/oauth2/register/new?key=walnutgardenpath",
  }
  const hidden = [secrets.newClientSecret, "ory_at_pebblefountain", "walnutgardenpath"]

  it("are in the result of clients.create, and redacted when it is printed", async () => {
    await using server = await scripted(respond(201, JSON.stringify(record)))
    await using auth = createAuth(oryAt(server.url))
    const client = await auth.clients.create({ name: "new" })
    expect(client.secret && Redacted.value(client.secret)).toBe(secrets.newClientSecret)
    expect(client.registration && Redacted.value(client.registration.token)).toBe("ory_at_pebblefountain")
    expect(leaked(print(client), hidden)).toEqual([])
  })

  it("are redacted when a page of clients is printed", async () => {
    await using server = await scripted(json([record, record]))
    const text = await Effect.runPromise(
      Effect.scoped(Effect.flatMap(oryAt(server.url), (auth) => Effect.map(auth.clients.list(), print))),
    )
    expect(text).toContain("new")
    expect(leaked(text, hidden)).toEqual([])
  })

  it("are not in the error when the server stores another value than the one sent", async () => {
    await using server = await scripted(json({ ...record, client_name: "other" }))
    const replace = Effect.flatMap(oryAt(server.url), (auth) =>
      auth.clients.replace({ client: "new", record: { name: "new", secret: secrets.newClientSecret } }),
    )
    const { exit, text } = await runAndPrint(Effect.scoped(replace))
    expect(Exit.isFailure(exit)).toBe(true)
    expect(text).toContain("name")
    expect(leaked(text, hidden)).toEqual([])
  })
})

describe("a provider", () => {
  it("prints no secret of its configuration", async () => {
    const url = "https://vendor.example"
    const providers = await Effect.runPromise(
      Effect.scoped(Effect.all([oryNetworkAt(url, { insecureOrigins: [] }), oidcAt(url, { insecureOrigins: [] })])),
    )
    await using auth = createAuth(oryNetworkAt(url, { insecureOrigins: [] }))
    for (const each of [...providers, auth]) expect(leaked(print(each), Object.values(secrets))).toEqual([])
  })

  it("prints no secret when its configuration is invalid", async () => {
    const key = { kty: "RSA", alg: "RS256", d: "privatemarmaladeexponent", n: 5 }
    const invalidProviders: ReadonlyArray<Effect.Effect<unknown, unknown, Scope.Scope>> = [
      ory({ clientId: "", clientSecret: secrets.clientSecret, projectUrl: "nonsense", apiKey: secrets.apiKey }),
      ory({
        clientId: "a",
        clientSecret: secrets.clientSecret,
        publicUrl: `http://user:${secrets.token}@vendor.example`,
        adminUrl: "nonsense",
      }),
      oidc({
        clientId: "a",
        clientSecret: secrets.clientSecret,
        privateKey: key,
        issuer: `https://u:${secrets.token}@v.example`,
      }),
      oidc({ clientId: "a", privateKey: { ...key, alg: "" }, issuer: "https://vendor.example" }),
      fromEnv({
        LATCHKEY_PROVIDER: "oidc",
        LATCHKEY_ISSUER: `ftp://${secrets.token}@vendor.example`,
        LATCHKEY_PRIVATE_KEY: `{"d":"${key.d}`,
        LATCHKEY_CLIENT_SECRET: secrets.clientSecret,
      }),
    ]
    for (const provider of invalidProviders) {
      const { exit, text } = await runAndPrint(Effect.scoped(provider))
      expect(Exit.isFailure(exit)).toBe(true)
      expect(text).toContain("InvalidConfig")
      expect(leaked(text, [...Object.values(secrets), key.d])).toEqual([])
    }
  })
})

describe("an error", () => {
  it("does not contain a URL-encoded secret", async () => {
    await using server = await scripted((request) => {
      const error_description = `unknown credentials ${basic(request)}, ${request.body}`
      respond(401, JSON.stringify({ error: "invalid_client", error_description }))(request)
    })
    const call = Effect.flatMap(oidcAt(server.url, { clientSecret: "open#sesame" }), (auth) =>
      auth.introspect("a#token"),
    )
    const { text } = await runAndPrint(Effect.scoped(call))
    expect(text).toContain("InvalidClient")
    expect(leaked(text, ["open%23sesame", "a%23token"])).toEqual([])
  })

  it.each(["quiet\r\nmarmalade", "quietmarmalade日本", "quietmarmalade\u0000", "\ud800quietmarmalade"])(
    "for a token that no request can carry, %j, does not contain the token and is not a defect",
    async (token) => {
      await using server = await scripted(respond(401, "{}", asJson))
      const calls = Effect.flatMap(oidcAt(server.url), (auth) =>
        Effect.all([
          Effect.flip(auth.userInfo(token)),
          Effect.as(auth.revoke(token), "revoked"),
          Effect.map(auth.introspect(token), ({ active }) => String(active)),
        ]),
      )
      const { exit, text } = await runAndPrint(Effect.scoped(calls))
      expect(Exit.isSuccess(exit)).toBe(true)
      expect(Exit.isSuccess(exit) ? exit.value : []).toMatchObject([{}, "revoked", "false"])
      const printedResult = Exit.isSuccess(exit) ? print(exit.value) : ""
      expect(leaked(text + printedResult, [secrets.token])).toEqual([])
    },
  )

  it("for an API key that no header can carry does not contain the key and is not a defect", async () => {
    await using server = await scripted(respond(401, "{}", asJson))
    const apiKey = `${secrets.apiKey}\nx-injected: yes`
    const call = Effect.flip(oryNetworkAt(server.url, { apiKey }))
    const { exit, text } = await runAndPrint(Effect.scoped(call))
    expect(Exit.isSuccess(exit)).toBe(true)
    expect(leaked(text + (Exit.isSuccess(exit) ? print(exit.value) : ""), [secrets.apiKey])).toEqual([])
    expect(server.requests).toEqual([])
  })
})
