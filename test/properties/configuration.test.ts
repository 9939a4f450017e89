import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import * as fc from "fast-check"
import { AuthError, fromEnv } from "latchkey"
import { oidc } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { json, scripted } from "../unit/scripted-transport.ts"
import { configuration } from "../unit/standard-server.ts"

describe("fromEnv", () => {
  const name = fc.constantFrom(
    ...Object.keys(oidc.members),
    "publicUrl",
    "adminUrl",
    "projectUrl",
    "apiKey",
    "nonsense",
    "__proto__",
  )
  const variable = fc.oneof(
    name.map((key) => `LATCHKEY_${key.replace(/[A-Z]/g, "_$&").toUpperCase()}`),
    fc.string().map((text) => `LATCHKEY_${text}`),
  )
  const value = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "https://id.example",
      "http://id.example",
      "{}",
      "[]",
      "null",
      '{"kty":"EC"}',
      "any",
      "1 second",
      "0",
    ),
  )
  const provider = fc.constantFrom("oidc", "ory", "acme", undefined)

  test("makes a provider or fails with InvalidConfig for any environment", () => {
    return fc.assert(
      fc.property(fc.array(fc.tuple(variable, value)), provider, (pairs, vendor) => {
        const env = { ...Object.fromEntries(pairs), LATCHKEY_PROVIDER: vendor }
        const result = Effect.runSync(Effect.result(Scope.provide(fromEnv(env), Scope.makeUnsafe())))
        if (result._tag === "Failure") {
          expect(result.failure).toBeInstanceOf(AuthError)
          expect(result.failure.reason).toMatchObject({ _tag: "InvalidConfig" })
          if (result.failure.reason._tag === "InvalidConfig")
            for (const { path } of result.failure.reason.issues) expect(path.startsWith("LATCHKEY_")).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe("basic client authentication", () => {
  /** Decodes HTTP Basic credentials as RFC 6749 section 2.3.1 and appendix B require of a server. */
  const decoded = (header: string): ReadonlyArray<string> => {
    const [id = "", secret = ""] = Buffer.from(header.replace(/^Basic /, ""), "base64")
      .toString("latin1")
      .split(":")
    return [id, secret].map((half) => decodeURIComponent(half.replaceAll("+", " ")))
  }
  const text = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.string({ minLength: 1, unit: "grapheme" }),
    fc.constantFrom(":", "%", "+", "a b", "ä:€%2B+&=", "💥"),
  )

  test("encodes any client id and secret so that the server can decode them", async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (clientId, clientSecret) => {
        const transport = scripted(json({ access_token: "a", token_type: "bearer" }), json({ active: false }))
        const config = { ...configuration, clientId, clientSecret }
        const auth = Effect.runSync(Effect.scoped(oidc(config, { transport })))
        await Effect.runPromise(auth.clientCredentials())
        await Effect.runPromise(auth.introspect("t"))
        for (const { headers } of transport.requests) {
          expect(headers.authorization).toMatch(/^Basic [A-Za-z0-9+/]+=*$/)
          expect(decoded(headers.authorization ?? "")).toEqual([clientId, clientSecret])
        }
      }),
      { numRuns: 150 },
    )
  })
})

describe("introspect", () => {
  /** Any UTF-16 code units, including lone surrogates. */
  const anyText = fc.array(fc.nat({ max: 0xffff }), { minLength: 1 }).map((units) => String.fromCharCode(...units))

  test("sends any valid token unchanged, and sends no request for text that cannot be a token", async () => {
    const visible = fc.string({
      minLength: 1,
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    })
    await fc.assert(
      fc.asyncProperty(fc.oneof(visible, anyText), async (token) => {
        const transport = scripted(json({ active: false }))
        const auth = Effect.runSync(Effect.scoped(oidc(configuration, { transport })))
        expect(await Effect.runPromise(auth.introspect(token))).toEqual({ active: false })
        const isToken = token !== "" && Array.from(token).every((character) => character > " " && character < "\x7f")
        expect(transport.requests.length).toBe(isToken ? 1 : 0)
        if (!isToken) return
        const sent = new URLSearchParams(transport.requests[0]?.body)
        expect(sent.get("token")).toBe(token)
        expect([...sent.keys()]).toEqual(["token", "token_type_hint"])
      }),
      { numRuns: 150 },
    )
  })

  test("sends no request for a token over 1 MiB", async () => {
    const transport = scripted(json({ active: false }))
    const auth = Effect.runSync(Effect.scoped(oidc(configuration, { transport })))
    expect(await Effect.runPromise(auth.introspect("a".repeat((1 << 20) + 1)))).toEqual({ active: false })
    expect(transport.requests).toEqual([])
  })
})
