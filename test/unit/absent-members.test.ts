import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Transaction } from "latchkey"
import { describe, expect, test } from "vitest"
import { client } from "../../src/adapters/oidc/operations/client-metadata.ts"
import { asSent, withoutAbsent } from "../../src/internal/absent.ts"
import { open as openOry } from "./ory-server.ts"
import { json, reasonOf } from "./scripted-transport.ts"
import { issuer, open } from "./standard-server.ts"

const absent = [null, ""] as const

/** A row for each member and each absent value. */
const rowsOf = (...members: ReadonlyArray<string>): ReadonlyArray<readonly [string, null | ""]> =>
  members.flatMap((member) => absent.map((value) => [member, value] as const))

const issued = { access_token: "a", token_type: "bearer" }

const transaction: Transaction = {
  provider: "oidc",
  issuer,
  state: "the-state",
  nonce: "the-nonce",
  verifier: "v".repeat(43),
  redirectUri: "https://app.example/back",
  scopes: ["openid"],
  createdAtMillis: Date.now(),
}
const callback = `${transaction.redirectUri}?code=the-code&state=the-state`

const now = Math.floor(Date.now() / 1000)
const validClaims = { iss: issuer, sub: "Zoë", aud: "app", nonce: "the-nonce", iat: now, exp: now + 60 }
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
const idTokenOf = (claims: object) => `${encoded({ alg: "RS256" })}.${encoded(claims)}.c2ln`

const exchange = (response: object, scopes: ReadonlyArray<string> = ["openid"]) =>
  open([json({ ...issued, ...response })]).auth.exchange(callback, { ...transaction, scopes })

describe("a token response", () => {
  test.each(rowsOf("refresh_token", "id_token", "expires_in", "not_of_a_standard"))(
    "whose %s is %j is like one without it",
    async (member, value) => {
      const tokens = await Effect.runPromise(exchange({ [member]: value }, ["email"]))
      expect(tokens).toEqual({ accessToken: "a", tokenType: "bearer", scopes: ["email"] })
    },
  )

  test.each(rowsOf("refresh_token"))("to a refresh, whose %s is %j, keeps the refresh token", async (member, value) => {
    const { auth } = open([json({ ...issued, [member]: value })])
    expect((await Effect.runPromise(auth.refresh("previous"))).refreshToken).toBe("previous")
  })

  test("whose scope is null is like one without it, and an empty scope grants no scope", async () => {
    expect((await Effect.runPromise(exchange({ scope: null }, ["email"]))).scopes).toEqual(["email"])
    expect((await Effect.runPromise(exchange({ scope: "" }, ["email"]))).scopes).toEqual([])
  })

  test.each(rowsOf("access_token", "token_type"))("whose %s is %j is rejected", async (member, value) => {
    expect(await reasonOf(exchange({ [member]: value }, ["email"]))).toMatchObject({ _tag: "UnexpectedResponse" })
  })

  test("with another spelling of the type application/json is accepted", async () => {
    for (const type of ["Application/JSON", "application/vnd.acme+json;charset=utf-8"]) {
      const { auth } = open([{ ...json(issued), headers: { "content-type": type } }])
      expect((await Effect.runPromise(auth.clientCredentials())).accessToken).toBe("a")
    }
  })
})

describe("an ID token", () => {
  test.each(rowsOf("nbf", "azp", "auth_time", "acr", "at_hash", "email"))(
    "whose %s is %j is like one without it, and is returned as it was sent",
    async (claim, value) => {
      const claims = { ...validClaims, [claim]: value }
      const id_token = idTokenOf(claims)
      const tokens = await Effect.runPromise(exchange({ id_token }))
      expect(tokens).toMatchObject({ idToken: id_token, idClaims: claims })
    },
  )

  test.each(rowsOf("iss", "sub", "aud", "nonce", "iat", "exp"))(
    "whose %s is %j is rejected as one without it",
    async (claim, value) => {
      const reason = { _tag: "UnexpectedResponse", path: "id_token" }
      const { [claim]: _, ...without } = validClaims as Readonly<Record<string, unknown>>
      expect(await reasonOf(exchange({ id_token: idTokenOf(without) }))).toMatchObject(reason)
      expect(await reasonOf(exchange({ id_token: idTokenOf({ ...validClaims, [claim]: value }) }))).toMatchObject(
        reason,
      )
    },
  )
})

describe("a device authorization response", () => {
  const response = { device_code: "d", user_code: "u", verification_uri: "https://id.example/device", expires_in: 600 }
  const call = (changes: object) => open([json({ ...response, ...changes })]).auth.deviceAuthorization()

  test.each(rowsOf("interval", "verification_uri_complete"))(
    "whose %s is %j is like one without it",
    async (member, value) => {
      const device = await Effect.runPromise(call({ [member]: value }))
      expect(device).toMatchObject({ deviceCode: "d", intervalSeconds: 5 })
      expect(device).not.toHaveProperty("verificationUriComplete")
    },
  )

  test.each(rowsOf("device_code", "user_code", "verification_uri", "expires_in"))(
    "whose %s is %j is rejected",
    async (member, value) => {
      expect(await reasonOf(call({ [member]: value }))).toMatchObject({ _tag: "UnexpectedResponse" })
    },
  )
})

describe("a UserInfo response", () => {
  const members = ["name", "given_name", "email", "email_verified", "picture", "address", "updated_at", "phone_number"]

  test.each(rowsOf(...members))("whose %s is %j has it in the claims only", async (member, value) => {
    const claims = { sub: "u", [member]: value }
    const user = await Effect.runPromise(open([json(claims)]).auth.userInfo("token"))
    expect(user).toEqual({ subject: "u", claims })
  })

  test.each(rowsOf("sub"))("whose %s is %j is rejected", async (_, sub) => {
    expect(await reasonOf(open([json({ sub })]).auth.userInfo("token"))).toMatchObject({ _tag: "UnexpectedResponse" })
  })
})

describe("a metadata document", () => {
  test.each(
    rowsOf("token_endpoint", "jwks_uri", "device_authorization_endpoint", "scopes_supported", "grant_types_supported"),
  )("whose %s is %j is like one without it, and has it in raw", async (member, value) => {
    const document = { issuer, [member]: value }
    const metadata = await Effect.runPromise(open([json(document)]).auth.metadata.discover())
    expect(metadata).toEqual({ issuer, raw: document })
  })

  test.each(rowsOf("issuer"))("whose %s is %j is rejected", async (_, value) => {
    const reason = { _tag: "UnexpectedResponse", path: "issuer" }
    expect(await reasonOf(open([json({ issuer: value })]).auth.metadata.discover())).toMatchObject(reason)
  })
})

describe("a key", () => {
  test.each(rowsOf("kid", "use", "alg", "x5t"))("whose %s is %j is like one without it", async (member, value) => {
    const key = { kty: "OKP", crv: "Ed25519", x: "eA" }
    const { keys } = await Effect.runPromise(open([json({ keys: [{ ...key, [member]: value }] })]).auth.metadata.keys())
    expect(keys).toEqual([key])
  })
})

describe("a client", () => {
  const members = [
    ...["client_name", "redirect_uris", "post_logout_redirect_uris", "grant_types", "response_types", "scope"],
    ...["audience", "token_endpoint_auth_method", "jwks", "jwks_uri", "client_id_issued_at", "created_at"],
    ...["updated_at", "client_secret", "registration_access_token", "metadata"],
  ]
  const lists = { redirectUris: [], postLogoutRedirectUris: [], grantTypes: [], responseTypes: [] }

  test.each(rowsOf(...members))("whose %s is %j is like one without it", (member, value) => {
    const { raw, ...parsed } = client.parse({ client_id: "c", [member]: value })
    expect(parsed).toEqual({ clientId: "c", ...lists, scopes: [], audience: [], metadata: {} })
    if (!/secret|registration/.test(member)) expect(raw).toEqual({ client_id: "c", [member]: value })
  })

  test("without an address has the token of its registration", () => {
    const { registration } = client.parse({
      client_id: "c",
      registration_access_token: "t",
      registration_client_uri: null,
    })
    expect(registration && [Redacted.value(registration.token), Redacted.value(registration.uri)]).toEqual(["t", ""])
  })

  test("of a list keeps in raw what the server sent", async () => {
    const sent = { client_id: "c", client_name: "", owner: null }
    const { items } = await Effect.runPromise(openOry([json([sent])]).auth.clients.list())
    expect(items[0]).toMatchObject({ clientId: "c", raw: sent })
  })
})

describe("an error response", () => {
  test.each(absent)("whose error is %j is no error about a record", async (error) => {
    const reason = await reasonOf(openOry([json({ error }, 404)]).auth.clients.get("c"))
    expect(reason).toMatchObject({ _tag: "UnexpectedResponse", status: 404 })
  })
})

describe("a record without absent members", () => {
  test("is the record itself if none is absent", () => {
    const record = { a: 0, b: false, c: [], scope: "" }
    expect(withoutAbsent(record)).toBe(record)
  })

  test("keeps members of nested records", () => {
    expect(withoutAbsent({ a: { b: null, c: "" }, d: null })).toEqual({ a: { b: null, c: "" } })
  })

  test("gives back the record as it was sent", () => {
    const record = { a: null, b: 1 }
    expect(asSent(withoutAbsent(record))).toBe(record)
  })
})
