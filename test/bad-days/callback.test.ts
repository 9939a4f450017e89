import { createAuth, type Provider } from "latchkey"
import { describe, expect, it } from "vitest"
import { badCallbacks } from "./callback-cases.ts"
import { oidcAt, oryAt } from "./providers.ts"
import { scripted } from "./scripted-server.ts"
import { json } from "./scripts.ts"

const redirectUri = "https://app.example/callback?tenant=a"

describe.each([
  ["ory", oryAt],
  ["oidc", oidcAt],
] as const)("exchange on %s", (id, at) => {
  const open = (url: string) => createAuth<Provider<"authorize" | "exchange">>(at(url))
  const start = async (auth: ReturnType<typeof open>) => {
    const { transaction } = await auth.authorize({ scopes: ["profile"], redirectUri })
    const url = new URL(redirectUri)
    url.searchParams.set("code", "the-code")
    url.searchParams.set("state", transaction.state)
    return { url, transaction }
  }

  it.each(badCallbacks)("rejects a callback with %s and sends nothing", async (_, change, reason) => {
    await using server = await scripted(json({ access_token: "a", token_type: "bearer" }))
    await using auth = open(server.url)
    const { url, transaction } = await start(auth)
    const override = change(url, transaction)
    const changedTransaction = { ...transaction, ...(typeof override === "object" ? override : {}) }
    const error = await auth.exchange(url, changedTransaction).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ _tag: "AuthError", provider: id, operation: "exchange", reason })
    expect(String(error)).not.toContain(transaction.state)
    expect(server.connections().opened).toBe(0)
  })

  it.each(["", "/callback?code=a", "nonsense"])("rejects %j, which is not an absolute URL", async (text) => {
    await using server = await scripted(json({}))
    await using auth = open(server.url)
    const { transaction } = await start(auth)
    await expect(auth.exchange(text, transaction)).rejects.toMatchObject({ reason: { _tag: "InvalidRequest" } })
    expect(server.connections().opened).toBe(0)
  })

  it("accepts a valid callback as a string with `iss`, and sends the code, the verifier and the redirect URI", async () => {
    await using server = await scripted(json({ access_token: "a", token_type: "bearer" }))
    await using auth = open(server.url)
    const { url, transaction } = await start(auth)
    url.searchParams.set("iss", server.url)
    const tokens = await auth.exchange(url.href, JSON.parse(JSON.stringify(transaction)))
    expect(tokens).toMatchObject({ accessToken: "a", scopes: ["profile"] })
    const { form } = await server.request(1)
    expect(Object.fromEntries(form)).toMatchObject({
      grant_type: "authorization_code",
      code: "the-code",
      code_verifier: transaction.verifier,
      redirect_uri: redirectUri,
    })
    expect(server.requests).toHaveLength(1)
  })
})
