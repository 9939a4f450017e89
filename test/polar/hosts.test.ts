import * as Effect from "effect/Effect"
import { polar } from "latchkey/polar"
import { describe, expect, it } from "vitest"
import { json, type Step, scripted } from "../unit/scripted-transport.ts"

const environments = [
  { environment: undefined, api: "https://api.polar.sh", site: "https://polar.sh" },
  { environment: "production", api: "https://api.polar.sh", site: "https://polar.sh" },
  { environment: "sandbox", api: "https://sandbox-api.polar.sh", site: "https://sandbox.polar.sh" },
] as const

const redirectUri = "https://app.example/cb"
const tokens = { access_token: "polar_at_u_x", token_type: "Bearer", expires_in: 60 }
const record = { name: "Mine", redirectUris: [redirectUri], scopes: ["openid"] }
const wire = { client_id: "polar_ci_new", client_name: "Mine", redirect_uris: [redirectUri], scope: "openid" }

describe.each(environments)("the environment $environment", ({ environment, api, site }) => {
  const open = (...script: ReadonlyArray<Step>) => {
    const transport = scripted(...script)
    const config = { clientId: "polar_ci_x", clientSecret: "s", redirectUri, ...(environment && { environment }) }
    return { transport, auth: Effect.runSync(Effect.scoped(polar(config, { transport }))) }
  }

  it("sends the browser to one host and requests to the other", async () => {
    const registered = {
      ...wire,
      registration_access_token: "polar_crt_x",
      registration_client_uri: "https://evil.example",
    }
    const { auth, transport } = open(
      json(tokens),
      json(tokens),
      json({ active: false }),
      json({}),
      json({ sub: "u" }),
      json({ issuer: api }),
      json({ keys: [] }),
      json(registered, 201),
      json(registered),
      { status: 204, headers: {}, body: "" },
    )
    const run = Effect.runPromise
    const { url, transaction } = await run(auth.authorize({ scopes: ["email"] }))
    expect(`${new URL(url).origin}${new URL(url).pathname}`).toBe(`${site}/oauth2/authorize`)
    expect(transaction.issuer).toBe(api)

    await run(auth.exchange(`${redirectUri}?code=c&state=${transaction.state}&iss=${api}`, transaction))
    await run(auth.refresh("polar_rt_u_x"))
    await run(auth.introspect("polar_at_u_x"))
    await run(auth.revoke("polar_at_u_x"))
    await run(auth.userInfo("polar_at_u_x"))
    await run(auth.metadata.discover())
    await run(auth.metadata.keys())
    const client = await run(auth.clients.create(record))
    await run(auth.clients.get(client))
    await run(auth.clients.remove(client))
    expect(transport.requests.map((request) => `${request.method} ${request.url}`)).toEqual([
      `POST ${api}/v1/oauth2/token`,
      `POST ${api}/v1/oauth2/token`,
      `POST ${api}/v1/oauth2/introspect`,
      `POST ${api}/v1/oauth2/revoke`,
      `GET ${api}/v1/oauth2/userinfo`,
      `GET ${api}/.well-known/openid-configuration`,
      `GET ${api}/.well-known/jwks.json`,
      `POST ${api}/v1/oauth2/register`,
      `GET ${api}/v1/oauth2/register/polar_ci_new`,
      `DELETE ${api}/v1/oauth2/register/polar_ci_new`,
    ])
    // Polar rejects an invalid bearer token on every path, so it is sent only where it is required.
    const bearers = transport.requests.map(({ headers = {} }) =>
      Object.entries(headers).find(([name]) => name === "authorization"),
    )
    expect(bearers.map((header) => header?.[1] ?? "")).toEqual(
      [4, 8, 9].reduce((all, index) => all.with(index, expect.stringMatching(/^Bearer /)), Array(10).fill("")),
    )
    expect(transport.requests.some(({ headers = {} }) => "polar-version" in headers)).toBe(false)
  })

  it("rejects a metadata document with the other environment's issuer", async () => {
    const other = api.includes("sandbox") ? "https://api.polar.sh" : "https://sandbox-api.polar.sh"
    const { auth } = open(json({ issuer: "https://polar.sh" }), json({ issuer: other }))
    expect((await Effect.runPromise(auth.metadata.discover())).issuer).toBe("https://polar.sh")
    expect((await Effect.runPromise(Effect.flip(auth.metadata.discover()))).reason._tag).toBe("UnexpectedResponse")
  })
})

describe("configured addresses", () => {
  it("replace those of the environment", async () => {
    const transport = scripted(json({ active: false }))
    const addresses = {
      apiUrl: "https://polar.internal.example/",
      authorizeUrl: "https://login.internal.example/authorize",
    }
    const config = {
      clientId: "polar_ci_x",
      clientSecret: "s",
      redirectUri,
      environment: "sandbox",
      ...addresses,
    } as const
    const auth = Effect.runSync(Effect.scoped(polar(config, { transport })))
    const { url, transaction } = await Effect.runPromise(auth.authorize({}))
    expect(new URL(url).host).toBe("login.internal.example")
    expect(transaction.issuer).toBe("https://polar.internal.example")
    await Effect.runPromise(auth.introspect("polar_at_u_x"))
    expect(transport.requests.map((request) => request.url)).toEqual([
      "https://polar.internal.example/v1/oauth2/introspect",
    ])
  })
})
