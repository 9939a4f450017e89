import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { AuthError, createAuth, type Transport } from "latchkey"
import { oidc } from "latchkey/oidc"
import { describe, expect, test, vi } from "vitest"
import manifest from "../../package.json" with { type: "json" }
import { version } from "../../src/internal/version.ts"

const standard = {
  issuer: "https://id.example",
  clientId: "app",
  clientSecret: "secret",
  audience: "any",
  endpoints: { introspectionEndpoint: "https://id.example/i", tokenEndpoint: "https://id.example/t" },
} as const

const problemsOf = (more: object) =>
  Object.fromEntries(oidc.check({ ...standard, ...more }).map(({ path, message }) => [path, message]))

const recording = () => {
  const sent: Array<Readonly<Record<string, string>>> = []
  const transport: Transport = {
    send: ({ headers, url }) => {
      sent.push(headers)
      const body = url.endsWith("/t") ? '{"access_token":"a","token_type":"Bearer"}' : '{"active":false}'
      return Effect.succeed({ status: 200, headers: { "content-type": "application/json" }, body })
    },
  }
  return { sent, transport }
}

describe("the headers of every request", () => {
  test("name latchkey and its version, also where openid-client sends the request", async () => {
    const { sent, transport } = recording()
    await using auth = createAuth({ ...standard, provider: "oidc" }, { transport })
    await auth.introspect("token")
    await auth.clientCredentials()
    expect(sent.map((headers) => headers["user-agent"])).toEqual([`latchkey/${version}`, `latchkey/${version}`])
    expect(version).toBe(manifest.version)
  })

  test("are those of the configuration, beside latchkey's own", async () => {
    const { sent, transport } = recording()
    const headers = { "X-Gateway-Key": Redacted.make("gate") }
    await using auth = createAuth({ ...standard, provider: "oidc", headers, userAgent: "shop/2" }, { transport })
    await auth.introspect("token")
    await auth.clientCredentials()
    for (const each of sent) {
      expect(each).toMatchObject({ "user-agent": "shop/2", "x-gateway-key": "gate" })
      expect(each.authorization).toMatch(/^Basic /)
    }
    expect(sent).toHaveLength(2)
  })

  test.each(["Authorization", "content-type", "HOST", "Content-Length", "accept"])("never replace %s", (name) => {
    expect(problemsOf({ headers: { [name]: "x" } })).toEqual({
      [`headers.${name}`]: "cannot be replaced: latchkey sets this header",
    })
  })

  test("are checked by name and value", () => {
    expect(Object.keys(problemsOf({ headers: { "a b": "x" } }))).toEqual(["headers.[redacted]"])
    expect(Object.keys(problemsOf({ headers: { a: "x\r\nb: y" } }))).toEqual(["headers.a"])
    expect(Object.keys(problemsOf({ headers: { a: "1", A: "2" } }))).toEqual(["headers.A"])
    expect(problemsOf({ headers: { "user-agent": "x" } })).toEqual({
      "headers.user-agent": "use userAgent for this header",
    })
    expect(Object.keys(problemsOf({ userAgent: "a\nb" }))).toEqual(["userAgent"])
  })
})

describe("a proxy and certificates", () => {
  test("are checked before any request", () => {
    expect(problemsOf({ proxy: "http://proxy.example:3128" })).toEqual({})
    expect(problemsOf({ proxy: "proxy.example:3128" })).toEqual({})
    expect(Object.keys(problemsOf({ proxy: "ftp://proxy.example" }))).toEqual(["proxy"])
    expect(Object.keys(problemsOf({ tls: { ca: "/etc/ca.pem" } }))).toEqual(["tls.ca"])
    expect(problemsOf({ tls: { cert: "-----BEGIN CERTIFICATE-----" } })).toEqual({ "tls.key": "required by tls.cert" })
    expect(Object.keys(problemsOf({ maxConnectionAge: "1 millis" }))).toEqual(["maxConnectionAge"])
  })

  test("that OpenSSL cannot read are InvalidConfig, without a part of them", () => {
    const ca = "-----BEGIN CERTIFICATE-----\nsentinel\n-----END CERTIFICATE-----"
    const open = () => createAuth({ ...standard, provider: "oidc", tls: { ca } })
    expect(open).toThrow(AuthError)
    expect(open).toThrow(/tls: expected certificates/)
    expect(open).not.toThrow(/sentinel/)
  })

  test("of the environment are InvalidConfig by the name of the variable", () => {
    vi.stubEnv("HTTPS_PROXY", "socks5://proxy.example:1080")
    vi.stubEnv("https_proxy", "")
    try {
      expect(() => createAuth({ ...standard, provider: "oidc" })).toThrow(/HTTPS_PROXY: expected the URL of an http/)
    } finally {
      vi.unstubAllEnvs()
    }
  })
})

describe("a Redacted of another copy of effect", () => {
  const prototype = { "~effect/data/Redacted": {}, toString: () => "<redacted>" }

  test.each<[string, unknown]>([
    ["effect 4", Object.create(prototype)],
    ["effect 3", { toString: () => "<redacted>" }],
  ])("is named as the cause: %s", (_, clientSecret) => {
    expect(problemsOf({ clientSecret }).clientSecret).toContain("another copy of effect")
    expect(problemsOf({ clientSecret: [clientSecret, "old"] })["clientSecret.0"]).toContain("another copy of effect")
  })

  test("is told apart from one that was wiped", () => {
    const clientSecret = Redacted.make("secret")
    Redacted.wipeUnsafe(clientSecret)
    expect(problemsOf({ clientSecret }).clientSecret).toContain("wiped")
  })
})
