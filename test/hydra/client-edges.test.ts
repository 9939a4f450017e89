import { generateKeyPairSync } from "node:crypto"
import { AuthError, createAuth } from "latchkey"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { policiesOff } from "../policies-off.ts"
import { hydraBinary } from "./build.ts"
import { type Hydra, startHydra } from "./start.ts"

const binary = await hydraBinary()

const issuer = "https://id.example"
const pair = generateKeyPairSync("rsa", { modulusLength: 2048 })
const publicJwk = { ...pair.publicKey.export({ format: "jwk" }), kty: "RSA", kid: "k", use: "sig", alg: "RS256" }
const jwks = { keys: [publicJwk] }
const privateJwk = pair.privateKey.export({ format: "jwk" })
const privateKey = { ...privateJwk, d: privateJwk.d ?? "", kty: "RSA", kid: "k", alg: "RS256" } as const

/** An own build of v2.3.0, whose issuer is not the address by which it is reached. */
describe.skipIf("missing" in binary)("a real Hydra v2.3.0", () => {
  let hydra: Hydra
  beforeAll(async () => {
    hydra = await startHydra({ issuer })
  })
  afterAll(() => hydra.close())

  const open = (
    credentials: { readonly clientSecret: string } | { readonly privateKey: typeof privateKey },
    clientId = "app",
  ) => {
    const { publicUrl, adminUrl } = hydra
    const insecureOrigins = [publicUrl, adminUrl]
    return createAuth({
      provider: "ory",
      ...policiesOff,
      publicUrl,
      adminUrl,
      insecureOrigins,
      issuer,
      clientId,
      ...credentials,
    })
  }

  it.each(["private_key_jwt", "client_secret_basic"] as const)(
    "withdraws the keys of a client with %s by `jwks: null`, and no later token is issued for them",
    async (tokenEndpointAuthMethod) => {
      await using auth = open({ clientSecret: "unused" })
      const grantTypes = ["client_credentials"]
      const client = await auth.clients.create({ jwks, tokenEndpointAuthMethod, grantTypes, scopes: ["a"] })
      expect(client.jwks).toBeDefined()
      expect((await auth.clients.patch({ client, changes: { jwks: null } })).jwks).toBeUndefined()
      expect((await auth.clients.get(client)).jwks).toBeUndefined()
      await using own = open({ privateKey }, client.clientId)
      expect(await own.clientCredentials().catch((error: unknown) => error)).toBeInstanceOf(AuthError)
      expect((await auth.clients.patch({ client, changes: { jwks } })).jwks).toBeDefined()
    },
  )

  it("keeps the address of the keys when only `jwks` is cleared", async () => {
    await using auth = open({ clientSecret: "unused" })
    const client = await auth.clients.create({ jwksUri: "https://app.example/jwks", scopes: ["a"] })
    const patched = await auth.clients.patch({ client, changes: { jwks: null } })
    expect(patched.jwksUri).toBe("https://app.example/jwks")
  })

  it("clears members that have a default", async () => {
    await using auth = open({ clientSecret: "unused" })
    const extra = { userinfo_signed_response_alg: "RS256", subject_type: "public" }
    const client = await auth.clients.create({ tokenEndpointAuthMethod: "client_secret_post", scopes: ["a"], extra })
    const cleared = { userinfo_signed_response_alg: null, subject_type: null }
    const patched = await auth.clients.patch({ client, changes: { tokenEndpointAuthMethod: null, extra: cleared } })
    expect(patched.tokenEndpointAuthMethod).toBe("client_secret_basic")
    expect(patched.raw).toMatchObject({ userinfo_signed_response_alg: "none", subject_type: "public" })
  })

  it("accepts a client assertion, although its issuer is another address", async () => {
    await using admin = open({ clientSecret: "unused" })
    const { clientId } = await admin.clients.create({
      ...{ jwks, tokenEndpointAuthMethod: "private_key_jwt", grantTypes: ["client_credentials"], scopes: ["a"] },
    })
    await using auth = open({ privateKey }, clientId)
    const { accessToken } = await auth.clientCredentials({ scopes: ["a"] })
    expect(await auth.introspect(accessToken)).toMatchObject({ active: true, subjectType: "client" })
    await auth.revoke(accessToken)
    expect(await auth.introspect(accessToken)).toEqual({ active: false })
  })
})
