import * as Effect from "effect/Effect"
import { exportJWK, generateKeyPair, SignJWT } from "jose"
import { describe, expect, test } from "vitest"
import { json, rawResponse, reasonOf, type Step } from "./scripted-transport.ts"
import { configuration, issuer, open } from "./standard-server.ts"

const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true })
const otherKeyPair = await generateKeyPair("RS256", { extractable: true })
const jwk = { ...(await exportJWK(publicKey)), kid: "k", use: "sig", alg: "RS256" }

const signedBy = (key: CryptoKey) =>
  new SignJWT({ email: "a@example.org" })
    .setProtectedHeader({ alg: "RS256", kid: "k" })
    .setIssuer(issuer)
    .setAudience("app")
    .setSubject("u1")
    .sign(key)

const userInfo = (jwt: string) =>
  open([rawResponse(200, "application/jwt", jwt), json({ keys: [jwk] })]).auth.userInfo("token")

describe("a signed UserInfo response", () => {
  test("is accepted with the server's signature", async () => {
    const user = await Effect.runPromise(userInfo(await signedBy(privateKey)))
    expect(user).toMatchObject({ subject: "u1", email: "a@example.org" })
  })

  test("is rejected with another key's signature under the server's `kid`", async () => {
    expect((await reasonOf(userInfo(await signedBy(otherKeyPair.privateKey))))._tag).toBe("UnexpectedResponse")
  })

  test.each([
    [`${issuer}/other`, false],
    [issuer, true],
  ])("is accepted with a key that names the issuer %s: %s", async (named, isAccepted) => {
    const signed = rawResponse(200, "application/jwt", await signedBy(privateKey))
    const { auth } = open([signed, json({ keys: [{ ...jwk, issuer: named }] })])
    const exit = await Effect.runPromiseExit(auth.userInfo("token"))
    expect(exit._tag).toBe(isAccepted ? "Success" : "Failure")
  })

  test.each([200, 403, 503])("is unavailable while the keys are a web page with status %i", async (status) => {
    const signed = rawResponse(200, "application/jwt", await signedBy(privateKey))
    const { auth } = open([signed, rawResponse(status, "text/html", "<!doctype html><p>log in</p>")], { retry: false })
    expect(await reasonOf(auth.userInfo("token"))).toMatchObject({ _tag: "Unavailable", status })
  })

  test("is rejected with a changed payload", async () => {
    const [head, , signature] = (await signedBy(privateKey)).split(".")
    const payload = btoa(JSON.stringify({ iss: issuer, aud: "app", sub: "u2" })).replaceAll("=", "")
    expect((await reasonOf(userInfo(`${head}.${payload}.${signature}`)))._tag).toBe("UnexpectedResponse")
  })
})

describe("UserInfo with a configured endpoint", () => {
  const { jwksUri: _jwksUri, authorizationEndpoint: _endpoint, ...endpoints } = configuration.endpoints
  const unavailable = json({}, 503)
  const metadata = json({ issuer, jwks_uri: `${issuer}/jwks` })
  const openWith = (...script: ReadonlyArray<Step>) => open(script, { endpoints, retry: false })

  test("requests no metadata document for a response that is not signed", async () => {
    const { auth, transport } = openWith(json({ sub: "u1" }))
    expect(await Effect.runPromise(auth.userInfo("token"))).toMatchObject({ subject: "u1" })
    expect(transport.requests.map(({ url }) => url)).toEqual([endpoints.userinfoEndpoint])
  })

  test("requests no metadata document when the token is rejected", async () => {
    const { auth, transport } = openWith(json({ error: "invalid_token" }, 401))
    expect(await reasonOf(auth.userInfo("token"))).toMatchObject({ _tag: "InvalidToken", check: "rejected" })
    expect(transport.requests).toHaveLength(1)
  })

  test("discovers the keys for a signed response, and sends the token once", async () => {
    const signed = rawResponse(200, "application/jwt", await signedBy(privateKey))
    const { auth, transport } = openWith(signed, metadata, json({ keys: [jwk] }))
    expect(await Effect.runPromise(auth.userInfo("token"))).toMatchObject({ subject: "u1", email: "a@example.org" })
    expect(transport.requests.filter(({ url }) => url === endpoints.userinfoEndpoint)).toHaveLength(1)
    expect(transport.requests).toHaveLength(3)
  })

  test("rejects a signed response of another key, whose keys were discovered", async () => {
    const signed = rawResponse(200, "application/jwt", await signedBy(otherKeyPair.privateKey))
    const { auth } = openWith(signed, metadata, json({ keys: [jwk] }))
    expect((await reasonOf(auth.userInfo("token")))._tag).toBe("UnexpectedResponse")
  })

  test("fails with the error of the discovery for a signed response whose keys cannot be found", async () => {
    const signed = rawResponse(200, "application/jwt", await signedBy(privateKey))
    expect(await reasonOf(openWith(signed, unavailable).auth.userInfo("token"))).toMatchObject({
      _tag: "Unavailable",
      status: 503,
    })
    const withoutKeys = openWith(signed, json({ issuer })).auth.userInfo("token")
    expect((await reasonOf(withoutKeys))._tag).toBe("UnexpectedResponse")
  })
})

describe("the JWK Set", () => {
  test("has no private members, even when the server publishes them", async () => {
    const publishedKeys = [
      { ...(await exportJWK(privateKey)), kid: "k" },
      { kty: "oct", k: "c2VjcmV0", kid: "s" },
    ]
    const { keys } = await Effect.runPromise(open([json({ keys: publishedKeys })]).auth.metadata.keys())
    expect(keys.map(({ kid }) => kid)).toEqual(["k", "s"])
    for (const key of keys)
      for (const name of ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]) expect(key).not.toHaveProperty(name)
    expect(keys[0]).toMatchObject({ n: jwk.n, e: jwk.e })
  })
})
