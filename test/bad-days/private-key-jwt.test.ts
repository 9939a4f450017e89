import * as Effect from "effect/Effect"
import { exportJWK, generateKeyPair } from "jose"
import { createAuth } from "latchkey"
import { beforeAll, describe, expect, it } from "vitest"
import { leaked, runAndPrint } from "./leaks.ts"
import { discoveredAt, metadataOf, metadataPath, oidcAt } from "./providers.ts"
import { type ReceivedRequest, scripted } from "./scripted-server.ts"
import { inTurn, json, reset, routes } from "./scripts.ts"

type Key = NonNullable<NonNullable<Parameters<typeof oidcAt>[1]>["privateKey"]>
const keys: Record<string, Key> = {}

beforeAll(async () => {
  for (const alg of ["ES256", "EdDSA"]) {
    const { privateKey } = await generateKeyPair(alg, { extractable: true })
    keys[alg] = { ...(await exportJWK(privateKey)), alg, kid: `key-${alg}` } as Key
  }
})

const signing = (key: Key | undefined) => ({ clientSecret: undefined, privateKey: key }) as { readonly privateKey: Key }

const claims = ({ form }: ReceivedRequest): Readonly<Record<string, unknown>> =>
  JSON.parse(Buffer.from(form.get("client_assertion")?.split(".")[1] ?? "", "base64url").toString("utf8"))

describe.each(["ES256", "EdDSA"])("a client that signs with %s", (alg) => {
  it("signs a new assertion with another `jti` for each introspection", async () => {
    await using server = await scripted(json({ active: false }))
    await using auth = createAuth(oidcAt(server.url, signing(keys[alg])))
    await auth.introspect("token")
    await auth.introspect("token")
    const [first, second] = server.requests.map(claims)
    expect(first?.jti).toEqual(expect.any(String))
    expect(second?.jti).toEqual(expect.any(String))
    expect(first?.jti).not.toBe(second?.jti)
    expect(first).toMatchObject({ iss: "service", sub: "service", aud: server.url })
    expect(server.requests[0]?.form.get("client_assertion_type")).toBe(
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    )
  })

  it("signs a new assertion for each request of each operation, also after a reset", async () => {
    await using server = await scripted(inTurn(reset, json({ access_token: "a", token_type: "bearer", active: false })))
    await using auth = createAuth(oidcAt(server.url, signing(keys[alg])))
    await expect(auth.clientCredentials()).rejects.toMatchObject({ isRetryable: true })
    await auth.clientCredentials()
    await auth.revoke("token")
    await Promise.all([auth.introspect("token"), auth.introspect("token")])
    const ids = server.requests.map((request) => claims(request).jti)
    expect(new Set(ids).size).toBe(5)
  })

  it("signs requests to a discovered endpoint", async () => {
    await using server = await scripted(json({}))
    server.play(routes({ [metadataPath]: json(metadataOf(server.url)), "/introspect": json({ active: false }) }))
    await using auth = createAuth(discoveredAt(server.url, signing(keys[alg])))
    expect(await auth.introspect("token")).toEqual({ active: false })
    expect(claims(await server.request(2))).toMatchObject({ aud: server.url })
  })
})

describe("a private key that cannot sign", () => {
  const unusable = (): ReadonlyArray<readonly [string, Key]> => [
    ["of another algorithm", { ...keys.ES256, alg: "RS256" } as Key],
    ["that is cut short", { ...keys.ES256, d: keys.ES256?.d.slice(0, 20) } as Key],
    ["of an unknown algorithm", { ...keys.ES256, alg: "XX999" } as Key],
    ["that is symmetric", { kty: "oct", alg: "HS256", k: "quietmarmalade", d: "quietmarmalade" }],
  ]

  it.each([0, 1, 2, 3])(
    "is rejected as InvalidConfig without printing the key, and nothing is sent (case %i)",
    async (index) => {
      const [, key] = unusable()[index] ?? ["", keys.ES256 as Key]
      await using server = await scripted(json({ active: false }))
      for (const call of ["introspect", "clientCredentials", "revoke"] as const) {
        const run = Effect.flatMap(oidcAt(server.url, signing(key)), (auth) =>
          call === "clientCredentials" ? auth.clientCredentials() : auth[call]("token"),
        )
        const { exit, text } = await runAndPrint(Effect.scoped(run))
        expect(exit).toMatchObject({ cause: { reasons: [{ error: { reason: { _tag: "InvalidConfig" } } }] } })
        expect(text).toContain("privateKey")
        expect(leaked(text, [key.d, String(key.k ?? key.d)])).toEqual([])
      }
      expect(server.requests).toEqual([])
    },
  )
})

describe("a token that no request can carry", () => {
  it("is an InvalidToken, not an error about the private key", async () => {
    await using server = await scripted(json({ sub: "u" }))
    const run = Effect.flatMap(oidcAt(server.url, signing(keys.ES256)), (auth) =>
      Effect.flip(auth.userInfo("bad\ntoken")),
    )
    expect((await Effect.runPromise(Effect.scoped(run))).reason).toMatchObject({ _tag: "InvalidToken" })
    expect(server.requests).toEqual([])
  })
})
