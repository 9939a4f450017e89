/** A real Keycloak that rotates its keys or whose realm is disabled: a token is inactive only if Keycloak says so. */
import { type AuthError, createAuth } from "latchkey"
import { keycloak } from "latchkey/keycloak"
import { afterEach, beforeAll, describe, expect, inject, it } from "vitest"
import { policiesOff } from "../policies-off.ts"
import { realmAdmin, serverAdmin } from "./admin.ts"
import { manager } from "./realm.ts"
import { makeClient, makeScopes } from "./realm-server.ts"

const running = inject("keycloak")
const { url, other } = running ?? { url: "http://127.0.0.1", other: "" }
const admin = realmAdmin(url, other, manager)
const issuer = `${url}/realms/${other}`
const clientId = `bad-days-${crypto.randomUUID().slice(0, 8)}`

const open = () =>
  createAuth(
    keycloak({
      ...policiesOff,
      ...{ issuer, clientId, clientSecret: "s p+a:c%e&d=~!", audience: [clientId] },
      insecureOrigins: [new URL(url).origin].filter((origin) => origin.startsWith("http:")),
    }),
  )

const outcome = (call: Promise<unknown>): Promise<unknown> => call.catch(({ reason }: AuthError) => reason._tag)

/** Makes a signing key that comes before every other one, and returns how to change it. */
const makeKey = async (priority: number) => {
  const { id: parentId } = (await admin("GET", "")) as { readonly id: string }
  const settings = (change: Readonly<Record<string, ReadonlyArray<string>>> = {}) => ({
    ...{
      name: `key-${priority}`,
      providerId: "rsa-generated",
      providerType: "org.keycloak.keys.KeyProvider",
      parentId,
    },
    config: {
      ...{ priority: [String(priority)], enabled: ["true"], active: ["true"], algorithm: ["RS256"], keySize: ["2048"] },
      ...change,
    },
  })
  const id = String(await admin("POST", "/components", settings()))
  return {
    change: async (change: Readonly<Record<string, ReadonlyArray<string>>>) => {
      await admin("PUT", `/components/${id}`, { id, ...settings(change) })
    },
    remove: async () => {
      await admin("DELETE", `/components/${id}`)
    },
  }
}

const keyIdOf = (token: string): unknown =>
  JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()).kid

describe.skipIf(running === undefined)("a real Keycloak on a bad day", () => {
  beforeAll(async () => {
    await makeScopes(admin)
    await makeClient(admin, clientId)
  })
  const removing: Array<() => Promise<void>> = []
  afterEach(async () => {
    for (const remove of removing.splice(0)) await remove()
  })

  it("signs with a new key: old and new tokens are active, with and without a question to Keycloak", async () => {
    await using auth = open()
    const { accessToken: old } = await auth.clientCredentials()
    expect(await auth.introspect(old)).toMatchObject({ active: true })
    const key = await makeKey(300)
    removing.push(key.remove)
    const { accessToken: young } = await auth.clientCredentials()
    expect(keyIdOf(young)).not.toBe(keyIdOf(old))
    for (const token of [old, young])
      for (const freshness of ["live", "local"] as const)
        expect(await auth.introspect(token, { freshness })).toMatchObject({ active: true })
  })

  it("makes a key passive, and its tokens stay active; disables it, and Keycloak reports them as inactive", async () => {
    await using auth = open()
    const key = await makeKey(400)
    removing.push(key.remove)
    const { accessToken } = await auth.clientCredentials()
    await key.change({ active: ["false"] })
    expect(keyIdOf((await auth.clientCredentials()).accessToken)).not.toBe(keyIdOf(accessToken))
    expect(await auth.introspect(accessToken)).toMatchObject({ active: true })
    await key.change({ enabled: ["false"] })
    expect(await auth.introspect(accessToken)).toEqual({ active: false })
  })

  it("disables the realm: every call is denied, and no token is inactive", async () => {
    await using auth = open()
    const { accessToken } = await auth.clientCredentials()
    expect(await auth.introspect(accessToken)).toMatchObject({ active: true })
    const server = serverAdmin(running ?? expect.fail("there is no Keycloak"))
    await server("PUT", `/${other}`, { enabled: false })
    try {
      for (const call of [
        () => auth.introspect(accessToken),
        () => auth.introspect("opaque"),
        () => auth.clientCredentials(),
        () => auth.revoke(accessToken),
        () => auth.userInfo(accessToken),
      ])
        expect(await outcome(call())).toBe("AccessDenied")
    } finally {
      await server("PUT", `/${other}`, { enabled: true })
    }
    expect(await auth.introspect(accessToken)).toMatchObject({ active: true })
  })

  it("is not unavailable for a stranger's token: an answer about one token says nothing of the server", async () => {
    await using auth = open()
    const { accessToken } = await auth.clientCredentials()
    const [header = "", payload = "", signature = ""] = accessToken.split(".")
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as object
    const forged = [
      ...["opaque", "a.b.c", "eyJ.eyJ.x", "..", `${header}.${payload}`, `${header}.${payload}.`, `${header}.e30.x`],
      ...[`${header}.${part({ ...claims, exp: "soon" })}.${signature}`, `${header}.${part({ ...claims, typ: 7 })}.x`],
      ...["none", "HS256", "HS512", "RS256", "ES256", "x"].flatMap((alg) => [
        `${part({ alg, typ: "JWT" })}.${part({ ...claims, typ: "Refresh" })}.${signature}`,
        `${part({ alg, typ: "JWT", kid: "unknown" })}.${payload}.${signature}`,
      ]),
      `${part({ alg: "RSA-OAEP", enc: "A256GCM" })}.a.b.c.d`,
      `${accessToken}x`,
    ]
    for (const token of forged)
      for (const expected of ["access_token", "refresh_token"] as const) {
        const state = await outcome(auth.introspect(token, { expect: expected }))
        expect([token, expected, state]).not.toContain("Unavailable")
      }
    expect(await auth.introspect(accessToken)).toMatchObject({ active: true })
  })
})
