/** Token exchange (RFC 8693) on a real Keycloak. */
import { makeBrowser } from "@latchkey/testing"
import type { ContractClient } from "@latchkey/testing/contract"
import { type AuthError, createAuth, type ExchangedTokens } from "latchkey"
import { keycloak } from "latchkey/keycloak"
import { oidc } from "latchkey/oidc"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { policiesOff } from "../policies-off.ts"
import { realmAdmin } from "./admin.ts"
import { manager } from "./realm.ts"
import { makeClient, makeScopes, redirectUri, signIn } from "./realm-server.ts"

const running = inject("keycloak")
const { url, realm } = running ?? { url: "http://127.0.0.1", realm: "" }
const issuer = `${url}/realms/${realm}`
const insecureOrigins = url.startsWith("http:") ? [new URL(url).origin] : []
const admin = realmAdmin(url, realm, manager)
const run = crypto.randomUUID().slice(0, 8)
const named = (name: string) => `${name}-${run}`

/** The services that a token of a client is for. */
const services = (...names: ReadonlyArray<string>) => ({
  protocolMappers: names.map((name) => ({
    name: `${name} in aud`,
    protocol: "openid-connect",
    protocolMapper: "oidc-audience-mapper",
    config: {
      "included.client.audience": named(name),
      "access.token.claim": "true",
      "introspection.token.claim": "true",
      "id.token.claim": "false",
    },
  })),
})

const closing: Array<() => Promise<void>> = []

const open = ({ clientId, clientSecret = "" }: ContractClient) => {
  const auth = createAuth(
    keycloak({ ...policiesOff, issuer, insecureOrigins, clientId, clientSecret, redirectUri, audience: "any" }),
  )
  closing.push(() => auth.close())
  return auth
}

type Auth = ReturnType<typeof open>

let web: Auth
let bridge: Auth
let gateway: Auth
let gatewayClient: ContractClient
let orders: Auth
let stock: Auth
let userToken: string

const prepare = async () => {
  await makeScopes(admin)
  orders = open(await makeClient(admin, named("orders")))
  stock = open(await makeClient(admin, named("stock")))
  await makeClient(admin, named("other"))
  bridge = open(await makeClient(admin, named("bridge"), services("orders")))
  gatewayClient = await makeClient(admin, named("gateway"), services("orders", "stock"))
  gateway = open(gatewayClient)
  web = open(await makeClient(admin, named("web"), services("web", "gateway", "bridge")))
  const { url: start, transaction } = await web.authorize({ scopes: ["openid", "read"] })
  userToken = (await web.exchange(await signIn(makeBrowser(), start, "alice", url), transaction)).accessToken
}

const subject = () => ({ subjectToken: userToken, subjectTokenType: "access_token" }) as const

const claimsOf = ({ accessToken }: ExchangedTokens): Readonly<Record<string, unknown>> =>
  JSON.parse(Buffer.from(accessToken.split(".")[1] ?? "", "base64url").toString())

const reasonOf = (call: Promise<unknown>) =>
  call.then(
    (value) => expect.fail(`expected an error, got ${JSON.stringify(value)}`),
    (error: AuthError) => {
      expect(`${error} ${JSON.stringify(error)}`).not.toContain(userToken)
      return error.reason
    },
  )

describe.skipIf(running === undefined)("a token exchange on a real Keycloak", () => {
  beforeAll(prepare)
  afterAll(async () => {
    for (const close of closing) await close()
  })

  it("gives a gateway a token for the service behind it, of the same user", async () => {
    const exchanged = await bridge.exchangeToken({ ...subject(), audience: [named("orders")] })
    expect(exchanged).toMatchObject({ tokenType: "bearer", issuedTokenType: "access_token" })
    expect(exchanged.refreshToken).toBeUndefined()
    expect(claimsOf(exchanged)).toMatchObject({ aud: named("orders"), azp: named("bridge") })
    const [before, after] = [await web.introspect(userToken), await orders.introspect(exchanged.accessToken)]
    expect(after).toMatchObject({ active: true, use: "access_token", clientId: named("bridge") })
    expect(after.active && after.subject).toBe(before.active && before.subject)
    expect(await bridge.introspect(exchanged.accessToken, { freshness: "live" })).toEqual({ active: false })
  })

  it("narrows the signed audience only: Keycloak's introspection names every service, and the two disagree", async () => {
    const { accessToken } = await gateway.exchangeToken({ ...subject(), audience: [named("orders")] })
    const { checks } = await orders.explain(accessToken)
    expect(checks.filter(({ passed }) => !passed).map(({ check }) => check)).toEqual(["merge.audience"])
    expect(await orders.introspect(accessToken)).toEqual({ active: false })
    expect(await orders.introspect(accessToken, { freshness: "local" })).toMatchObject({
      active: true,
      audience: [named("orders")],
    })
  })

  it("is inactive for a service that the exchange has left out, by Keycloak's own answer", async () => {
    /** The answer of the introspection endpoint to a client. */
    const said = async (name: string, token: string) => {
      const form = { client_id: named(name), client_secret: gatewayClient.clientSecret ?? "", token }
      const body = new URLSearchParams({ ...form, token_type_hint: "access_token" })
      const response = await fetch(`${issuer}/protocol/openid-connect/token/introspect`, { method: "POST", body })
      return (await response.json()) as Readonly<Record<string, unknown>>
    }
    const { accessToken: both } = await gateway.exchangeToken(subject())
    for (const name of ["orders", "stock"]) expect(await said(name, both)).toMatchObject({ active: true })
    expect(await stock.introspect(both)).toMatchObject({ active: true })
    const { accessToken: narrowed } = await gateway.exchangeToken({ ...subject(), audience: [named("orders")] })
    expect(await said("stock", narrowed)).toEqual({ active: false })
    expect(await said("gateway", narrowed)).toEqual({ active: false })
    expect(await stock.introspect(narrowed)).toEqual({ active: false })
    // The service that is left gets an answer that names both.
    expect(await said("orders", narrowed)).toMatchObject({
      active: true,
      aud: expect.arrayContaining([named("orders"), named("stock")]),
    })
  })

  it("names several services", async () => {
    const exchanged = await gateway.exchangeToken({ ...subject(), audience: [named("orders"), named("stock")] })
    expect(claimsOf(exchanged).aud).toEqual(expect.arrayContaining([named("orders"), named("stock")]))
  })

  it("gives the scopes that it grants", async () => {
    expect((await gateway.exchangeToken({ ...subject(), scopes: ["write"] })).scopes).toContain("write")
    expect(await reasonOf(gateway.exchangeToken({ ...subject(), scopes: ["no-such-scope"] }))).toMatchObject({
      _tag: "InvalidRequest",
      code: "invalid_scope",
    })
  })

  it("gives an ID token to a caller that asks for one, which passes as no access token", async () => {
    const exchanged = await gateway.exchangeToken({ ...subject(), requestedTokenType: "id_token" })
    expect(exchanged).toMatchObject({ tokenType: "n_a", issuedTokenType: "id_token" })
    expect(claimsOf(exchanged)).toMatchObject({ typ: "ID", aud: named("gateway") })
    for (const freshness of ["live", "local"] as const)
      expect(await gateway.introspect(exchanged.accessToken, { freshness })).toEqual({ active: false })
  })

  it("has the reason of each refusal, and no token in its error", async () => {
    const unavailable = gateway.exchangeToken({ ...subject(), audience: [named("other")] })
    expect(await reasonOf(unavailable)).toMatchObject({ _tag: "InvalidRequest", code: "invalid_request" })
    // `invalid_client` of Keycloak: the client of the audience, not that of the configuration.
    const unknown = gateway.exchangeToken({ ...subject(), audience: ["nobody"] })
    expect(await reasonOf(unknown)).toMatchObject({ _tag: "InvalidRequest", code: "invalid_client" })
    expect(await reasonOf(gateway.exchangeToken({ ...subject(), requestedTokenType: "saml2" }))).toMatchObject({
      _tag: "InvalidRequest",
    })
    const broken = gateway.exchangeToken({ ...subject(), subjectToken: `${userToken}x` })
    expect(await reasonOf(broken)).toMatchObject({ _tag: "InvalidRequest", code: "invalid_request" })
    expect(await reasonOf(orders.exchangeToken(subject()))).toMatchObject({ _tag: "AccessDenied" })
    const off = open(
      await makeClient(admin, named("off"), { attributes: { "standard.token.exchange.enabled": "false" } }),
    )
    expect(await reasonOf(off.exchangeToken(subject()))).toMatchObject({ _tag: "InvalidRequest" })
    const wrong = open({ ...gatewayClient, clientSecret: "wrong" })
    expect(await reasonOf(wrong.exchangeToken(subject()))).toMatchObject({ _tag: "InvalidClient" })
  })

  it("refuses what Keycloak would ignore", async () => {
    const actor = { actorToken: userToken, actorTokenType: "access_token" } as const
    expect(await reasonOf(gateway.exchangeToken({ ...subject(), ...actor }))).toMatchObject({
      _tag: "UnsupportedOperation",
      argument: "actorToken",
    })
    expect(await reasonOf(gateway.exchangeToken({ ...subject(), resource: ["https://orders.example"] }))).toMatchObject(
      {
        _tag: "UnsupportedOperation",
        argument: "resource",
      },
    )
  })

  it("ignores a resource and an actor that the generic adapter sends", async () => {
    const { clientId, clientSecret = "" } = gatewayClient
    const auth = createAuth(oidc({ ...policiesOff, issuer, insecureOrigins, clientId, clientSecret }))
    closing.push(() => auth.close())
    const exchanged = await auth.exchangeToken({
      ...subject(),
      ...{ actorToken: userToken, actorTokenType: "access_token" },
      resource: ["https://orders.example"],
    })
    const claims = claimsOf(exchanged)
    expect(claims.aud).toEqual(expect.arrayContaining([named("orders"), named("stock")]))
    expect(claims).not.toHaveProperty("act")
  })
})
