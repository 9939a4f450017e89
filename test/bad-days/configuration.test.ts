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

/** The paths of the issues for which a configuration is rejected; `[]` when it is accepted. */
const rejectedPaths = async (make: Make): Promise<ReadonlyArray<string>> => {
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

const invalidUrls = [
  "nonsense",
  "",
  "/path",
  "vendor.example",
  "ftp://vendor.example",
  "https://",
  "http://vendor.example",
]

describe("an invalid URL", () => {
  it.each([...invalidUrls, "https://user:word@vendor.example", `${url}/#fragment`])(
    "%j is rejected, and the issue names its path",
    async (invalidUrl) => {
      const httpsOnly = { insecureOrigins: [] }
      expect(await rejectedPaths(discoveredAt(invalidUrl, httpsOnly))).toEqual(["issuer"])
      expect(await rejectedPaths(discoveredAt(url, { ...httpsOnly, metadataUrl: invalidUrl }))).toEqual(["metadataUrl"])
      const endpoints = { tokenEndpoint: invalidUrl, jwksUri: invalidUrl }
      expect(await rejectedPaths(discoveredAt(url, { ...httpsOnly, endpoints }))).toEqual([
        "endpoints.jwksUri",
        "endpoints.tokenEndpoint",
      ])
      expect(await rejectedPaths(oryAt(invalidUrl, httpsOnly))).toEqual(["adminUrl", "publicUrl"])
      expect(await rejectedPaths(oryNetworkAt(invalidUrl, httpsOnly))).toEqual(["projectUrl"])
    },
  )

  it.each(["https://vendor.example", "http://vendor.example/", "http://vendor.example/path", "nonsense", ""])(
    "%j is rejected as an insecure origin, and the issue names its path",
    async (invalidUrl) => {
      expect(await rejectedPaths(discoveredAt(url, { insecureOrigins: [invalidUrl] }))).toEqual(["insecureOrigins.0"])
    },
  )
})

describe("a configured URL", () => {
  const urlWithQuery = `${url}/?tenant=a`
  it("is rejected when it has a query and paths are appended to it", async () => {
    const httpsOnly = { insecureOrigins: [] }
    expect(await rejectedPaths(discoveredAt(urlWithQuery, httpsOnly))).toEqual(["issuer"])
    expect(await rejectedPaths(oryAt(urlWithQuery, httpsOnly))).toEqual(["adminUrl", "publicUrl"])
    expect(await rejectedPaths(oryNetworkAt(urlWithQuery, httpsOnly))).toEqual(["projectUrl"])
    expect(await rejectedPaths(polar({ apiUrl: urlWithQuery, clientId: "c", clientSecret: "s" }))).toEqual(["apiUrl"])
    const account = { audience: "any", clientId: "c", clientSecret: "s" } as const
    expect(await rejectedPaths(kinde({ issuer: url, apiHost: urlWithQuery, ...account }))).toEqual(["apiHost"])
  })

  it("may have a query when nothing is appended to it", async () => {
    expect(
      await rejectedPaths(discoveredAt(url, { insecureOrigins: [], endpoints: { tokenEndpoint: urlWithQuery } })),
    ).toEqual([])
  })

  it("is rejected when it ends with a slash and the `iss` of the vendor's tokens does not", async () => {
    const account = { audience: "any", clientId: "c", clientSecret: "s" } as const
    expect(await rejectedPaths(kinde({ issuer: `${url}/`, ...account }))).toEqual(["issuer"])
  })
})

describe("a private key", () => {
  it.each(["HS256", "none", "RS1", ""])("with alg %j is rejected before anything is signed", async (alg) => {
    const key = { kty: "RSA", d: "d", alg }
    const urls = { publicUrl: url, adminUrl: url }
    expect(await rejectedPaths(ory({ ...urls, clientId: "c", privateKey: key }))).toEqual(["privateKey.alg"])
  })
})

describe("an invalid configuration", () => {
  it("is rejected with all its issues at once", async () => {
    const invalid = {
      clientId: "",
      clientSecret: "",
      timeout: "soon",
      clockSkew: "10 minutes",
      insecureOrigins: [],
      tmieout: 5,
      redirectUri: "x",
    }
    expect(await rejectedPaths(oryAt("ftp://vendor.example", invalid as object))).toEqual(
      ["adminUrl", "clientId", "clientSecret", "clockSkew", "publicUrl", "redirectUri", "timeout", "tmieout"].sort(),
    )
  })

  it("makes createAuth throw the AuthError", () => {
    expect(() => createAuth(oryAt("nonsense", { insecureOrigins: [] }))).toThrowError(AuthError)
    expect(() => createAuth(fromEnv({}))).toThrowError(/LATCHKEY_PROVIDER/)
  })

  it("from the environment is rejected with all its issues at once", async () => {
    const env = {
      LATCHKEY_PROVIDER: "ory",
      LATCHKEY_PUBLIC_URL: "nonsense",
      LATCHKEY_ADMIN_URL: "ftp://vendor.example",
      LATCHKEY_CLOCK_SKEW: "long",
      LATCHKEY_PRIVATE_KEY: "{",
      LATCHKEY_CLEINT_ID: "service",
    }
    const paths = await rejectedPaths(fromEnv(env))
    for (const name of Object.keys(env).slice(1)) expect(paths).toContain(name)
    expect(paths).toContain("LATCHKEY_CLIENT_ID")
  })

  it.each<unknown>([undefined, null, 5, "text", []])(
    "is rejected when it is %j in place of an object",
    async (config) => {
      expect((await rejectedPaths(ory(config as Parameters<typeof ory>[0]))).length).toBeGreaterThan(0)
    },
  )
})
