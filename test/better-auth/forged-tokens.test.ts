/** Forged tokens on a real Better Auth, which answers most of them with status 500. */
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { confusions } from "../jwt/hostile-tokens.ts"
import { claims, signed, signingKey } from "../jwt/signing-keys.ts"
import { api } from "./backend.ts"
import { type BetterAuthAuth, missing, open, start } from "./setup.ts"
import type { RunningBetterAuth } from "./start.ts"

const base64url = (text: string): string => Buffer.from(text).toString("base64url")

describe.skipIf(missing !== undefined)("a forged token", () => {
  let server: RunningBetterAuth
  const auths: Array<BetterAuthAuth> = []
  beforeAll(async () => {
    server = await start()
    auths.push(open(server), open(server, { audience: [api] }), open(server, { audience: "any" }))
  })
  afterAll(async () => {
    for (const auth of auths) await auth.close()
    await server?.close()
  })

  const asked = (path: string) =>
    server.requests.filter((request) => request === `POST /api/auth/oauth2/${path}`).length

  /** Tokens that look like Better Auth's own: its issuer, its key id, every claim. */
  const forgeries = async (): Promise<ReadonlyArray<readonly [string, string]>> => {
    const auth = auths[0] as BetterAuthAuth
    const real = (await auth.clientCredentials({ scopes: ["read"], audience: [api] })).accessToken
    const [head = "", body = "", signature = ""] = real.split(".")
    const kid = JSON.parse(Buffer.from(head, "base64url").toString()).kid as string
    const own = { ...claims, iss: server.issuer, aud: api }
    const ours = signingKey("EdDSA", kid)
    const published = { ...signingKey("RS256", kid), jwk: { ...signingKey("RS256", kid).jwk } }
    const header = { typ: "at+jwt" }
    const byHand = [
      ["with another signature", `${head}.${body}.${base64url("x".repeat(64))}`],
      ["with a signature that is cut", `${head}.${body}.${signature.slice(0, -4)}`],
      ["with other claims", `${head}.${base64url(JSON.stringify({ ...own, scope: "admin" }))}.${signature}`],
      ["with another key under the same kid", signed(ours, header, own)],
      ["with an unknown kid", signed(signingKey("EdDSA", "nobody"), header, own)],
      ["without a kid", signed(signingKey("EdDSA", "nobody"), { ...header, kid: undefined }, own)],
      ["of another issuer", signed(ours, header, { ...own, iss: "https://elsewhere.example" })],
      ["without an issuer", signed(ours, header, { ...own, iss: undefined })],
      ["with another type", signed(ours, { typ: "JWT" }, own)],
      ["whose payload is no JSON", `${head}.${base64url("no JSON")}.${signature}`],
      [
        "with a space in its header",
        signed(ours, JSON.stringify({ alg: "EdDSA", kid, ...header }).replace("{", "{ "), own),
      ],
      [
        "with a byte order mark before its header",
        signed(ours, `\uFEFF${JSON.stringify({ alg: "EdDSA", kid, ...header })}`, own),
      ],
      ["with padding", `${head}=.${body}.${signature}`],
      ["in base64 with plus and slash", `${head}.${body}.${Buffer.alloc(64, 0xff).toString("base64")}`],
    ] as const
    const hostile = await Promise.all(
      confusions(ours).map(async ([what, make]) => [`that ${what}`, await make(published)] as const),
    )
    return [...byHand, ...hostile]
  }

  it("is inactive, and is never sent, with an audience and without one", async () => {
    for (const [what, forged] of await forgeries())
      for (const auth of auths) {
        const before = asked("introspect")
        expect(await auth.introspect(forged), what).toEqual({ active: false })
        expect([what, asked("introspect")]).toEqual([what, before])
      }
  })

  it("moves nothing that others share: no circuit opens, and good tokens are active at once", async () => {
    const auth = open(server, { cache: false })
    const { accessToken } = await auth.clientCredentials({ scopes: ["read"] })
    const all = (await forgeries()).map(([, forged]) => forged)
    await Promise.all(
      Array.from({ length: 5 }, () => all)
        .flat()
        .map((forged) => auth.introspect(forged)),
    )
    expect(await auth.introspect(accessToken)).toMatchObject({ active: true })
    await auth.clientCredentials({ scopes: ["write"] })
    await auth.close()
  })

  it("is Unavailable to userInfo, which must send it, and good tokens stay active", async () => {
    const auth = open(server, { cache: false, retry: false })
    const { accessToken } = await auth.clientCredentials({ scopes: ["read"] })
    const [[, forged = ""] = []] = await forgeries()
    for (let count = 0; count < 12; count++)
      expect(await auth.userInfo(forged).catch(({ reason }) => reason)).toMatchObject({ _tag: "Unavailable" })
    for (let count = 0; count < 3; count++) expect(await auth.introspect(accessToken)).toMatchObject({ active: true })
    await auth.close()
  })

  it("is not revoked, and not sent to be", async () => {
    const [[, forged = ""] = []] = await forgeries()
    const before = asked("revoke")
    const error = await (auths[0] as BetterAuthAuth).revoke(forged).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ reason: { _tag: "UnsupportedOperation", argument: "token" } })
    expect(asked("revoke")).toBe(before)
  })
})
