import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { AuthError, createAuth, fromEnv } from "latchkey"
import { kinde } from "latchkey/kinde"
import { ory } from "latchkey/ory"
import { polar } from "latchkey/polar"
import { describe, expect, it } from "vitest"
import { discoveredAt, oryAt, oryNetworkAt } from "./providers.ts"

const url = "https://vendor.example"
type Make = Effect.Effect<unknown, AuthError, Scope.Scope>

/** The paths that a configuration is refused for; `[]` when it is not. */
const refused = async (make: Make): Promise<ReadonlyArray<string>> => {
  const error = await Effect.runPromise(
    Effect.scoped(Effect.match(make, { onFailure: (each) => each, onSuccess: () => undefined })),
  )
  if (error === undefined) return []
  expect(error).toBeInstanceOf(AuthError)
  expect(error.operation).toBe("config")
  if (error.reason._tag !== "InvalidConfig") throw error
  for (const { path } of error.reason.issues) expect(error.message).toContain(path)
  return error.reason.issues.map(({ path }) => path).sort()
}

const addresses = [
  "nonsense",
  "",
  "/path",
  "vendor.example",
  "ftp://vendor.example",
  "https://",
  "http://vendor.example",
]

describe("a configuration with a wrong address", () => {
  it.each([...addresses, "https://user:word@vendor.example", `${url}/#fragment`])(
    "%j is refused by its path",
    async (bad) => {
      const none = { insecure: [] }
      expect(await refused(discoveredAt(bad, none))).toEqual(["issuer"])
      expect(await refused(discoveredAt(url, { ...none, metadataUrl: bad }))).toEqual(["metadataUrl"])
      const endpoints = { tokenEndpoint: bad, jwksUri: bad }
      expect(await refused(discoveredAt(url, { ...none, endpoints }))).toEqual([
        "endpoints.jwksUri",
        "endpoints.tokenEndpoint",
      ])
      expect(await refused(oryAt(bad, none))).toEqual(["adminUrl", "publicUrl"])
      expect(await refused(oryNetworkAt(bad, none))).toEqual(["projectUrl"])
    },
  )

  it.each(["https://vendor.example", "http://vendor.example/", "http://vendor.example/path", "nonsense", ""])(
    "%j as an insecure origin is refused by its path",
    async (bad) => {
      expect(await refused(discoveredAt(url, { insecure: [bad] }))).toEqual(["insecure.0"])
    },
  )
})

describe("an address that others are made from", () => {
  const bad = `${url}/?tenant=a`
  it("is refused with a query, which the paths would end up in", async () => {
    const none = { insecure: [] }
    expect(await refused(discoveredAt(bad, none))).toEqual(["issuer"])
    expect(await refused(oryAt(bad, none))).toEqual(["adminUrl", "publicUrl"])
    expect(await refused(oryNetworkAt(bad, none))).toEqual(["projectUrl"])
    expect(await refused(polar({ apiUrl: bad, clientId: "c", clientSecret: "s" }))).toEqual(["apiUrl"])
    const account = { audience: "any", clientId: "c", clientSecret: "s" } as const
    expect(await refused(kinde({ issuer: url, apiHost: bad, ...account }))).toEqual(["apiHost"])
  })

  it("may have one where nothing is added to it", async () => {
    expect(await refused(discoveredAt(url, { insecure: [], endpoints: { tokenEndpoint: bad } }))).toEqual([])
  })

  it("has no slash at its end where the vendor's tokens would name it without", async () => {
    const account = { audience: "any", clientId: "c", clientSecret: "s" } as const
    expect(await refused(kinde({ issuer: `${url}/`, ...account }))).toEqual(["issuer"])
  })
})

describe("a private key", () => {
  it.each(["HS256", "none", "RS1", ""])("for %j is refused, before anything is signed", async (alg) => {
    const key = { kty: "RSA", d: "d", alg }
    const addresses = { publicUrl: url, adminUrl: url }
    expect(await refused(ory({ ...addresses, clientId: "c", privateKey: key }))).toEqual(["privateKey.alg"])
  })
})

describe("a configuration with several problems", () => {
  it("is refused for all of them at once", async () => {
    const wrong = {
      clientId: "",
      clientSecret: "",
      timeout: "soon",
      clockSkew: 600,
      insecure: [],
      tmieout: 5,
      redirectUri: "x",
    }
    expect(await refused(oryAt("ftp://vendor.example", wrong))).toEqual(
      ["adminUrl", "clientId", "clientSecret", "clockSkew", "publicUrl", "redirectUri", "timeout", "tmieout"].sort(),
    )
  })

  it("makes createAuth throw the error itself", () => {
    expect(() => createAuth(oryAt("nonsense", { insecure: [] }))).toThrowError(AuthError)
    expect(() => createAuth(fromEnv({}))).toThrowError(/LATCHKEY_PROVIDER/)
  })

  it("is refused for all of them at once when it comes from the environment", async () => {
    const env = {
      LATCHKEY_PROVIDER: "ory",
      LATCHKEY_PUBLIC_URL: "nonsense",
      LATCHKEY_ADMIN_URL: "ftp://vendor.example",
      LATCHKEY_CLOCK_SKEW: "long",
      LATCHKEY_PRIVATE_KEY: "{",
      LATCHKEY_CLEINT_ID: "service",
    }
    const paths = await refused(fromEnv(env))
    for (const name of Object.keys(env).slice(1)) expect(paths).toContain(name)
    expect(paths).toContain("LATCHKEY_CLIENT_ID")
  })

  it.each<unknown>([undefined, null, 5, "text", []])(
    "is refused when it is %j in place of an object",
    async (config) => {
      expect((await refused(ory(config as Parameters<typeof ory>[0]))).length).toBeGreaterThan(0)
    },
  )
})
