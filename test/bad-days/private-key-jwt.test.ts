import * as Effect from "effect/Effect"
import { exportJWK, generateKeyPair } from "jose"
import { createAuth } from "latchkey"
import { beforeAll, describe, expect, it } from "vitest"
import { leaked, printed } from "./leaks.ts"
import { discoveredAt, metadataOf, metadataPath, oidcAt } from "./providers.ts"
import { type Asked, scripted } from "./scripted-server.ts"
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

const claims = ({ form }: Asked): Readonly<Record<string, unknown>> =>
  JSON.parse(Buffer.from(form.get("client_assertion")?.split(".")[1] ?? "", "base64url").toString("utf8"))

describe.each(["ES256", "EdDSA"])("a client that signs with %s", (alg) => {
  it("signs every introspection anew: two carry different ids", async () => {
    await using server = await scripted(json({ active: false }))
    await using auth = createAuth(oidcAt(server.url, signing(keys[alg])))
    await auth.introspect("token")
    await auth.introspect("token")
    const [one, two] = server.asked.map(claims)
    expect(one?.jti).toEqual(expect.any(String))
    expect(two?.jti).toEqual(expect.any(String))
    expect(one?.jti).not.toBe(two?.jti)
    expect(one).toMatchObject({ iss: "service", sub: "service", aud: server.url })
    expect(server.asked[0]?.form.get("client_assertion_type")).toBe(
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    )
  })

  it("signs anew after an attempt that broke, on every operation", async () => {
    await using server = await scripted(inTurn(reset, json({ access_token: "a", token_type: "bearer", active: false })))
    await using auth = createAuth(oidcAt(server.url, signing(keys[alg])))
    await expect(auth.clientCredentials()).rejects.toMatchObject({ isRetryable: true })
    await auth.clientCredentials()
    await auth.revoke("token")
    await Promise.all([auth.introspect("token"), auth.introspect("token")])
    const ids = server.asked.map((asked) => claims(asked).jti)
    expect(new Set(ids).size).toBe(5)
  })

  it("signs for a discovered endpoint, too", async () => {
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
    "(case %i) is an invalid configuration, without the key, and nothing is sent",
    async (index) => {
      const [, key] = unusable()[index] ?? ["", keys.ES256 as Key]
      await using server = await scripted(json({ active: false }))
      for (const call of ["introspect", "clientCredentials", "revoke"] as const) {
        const run = Effect.flatMap(oidcAt(server.url, signing(key)), (auth) =>
          call === "clientCredentials" ? auth.clientCredentials() : auth[call]("token"),
        )
        const { exit, text } = await printed(Effect.scoped(run))
        expect(exit).toMatchObject({ cause: { reasons: [{ error: { reason: { _tag: "InvalidConfig" } } }] } })
        expect(text).toContain("privateKey")
        expect(leaked(text, [key.d, String(key.k ?? key.d)])).toEqual([])
      }
      expect(server.asked).toEqual([])
    },
  )
})

describe("a token that no request can carry", () => {
  it("is no fault of the key", async () => {
    await using server = await scripted(json({ sub: "u" }))
    const run = Effect.flatMap(oidcAt(server.url, signing(keys.ES256)), (auth) =>
      Effect.flip(auth.userInfo("bad\ntoken")),
    )
    expect((await Effect.runPromise(Effect.scoped(run))).reason).toMatchObject({ _tag: "InvalidRequest" })
  })
})
