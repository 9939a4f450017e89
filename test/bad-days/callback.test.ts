import { createAuth } from "latchkey"
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
  const open = (url: string) => createAuth(at(url))
  const start = async (auth: ReturnType<typeof open>) => {
    const { transaction } = await auth.authorize({ scopes: ["profile"], redirectUri })
    const url = new URL(redirectUri)
    url.searchParams.set("code", "the-code")
    url.searchParams.set("state", transaction.state)
    return { url, transaction }
  }

  it.each(badCallbacks)("refuses a callback with %s, and nothing is sent", async (_, change, reason) => {
    await using server = await scripted(json({ access_token: "a", token_type: "bearer" }))
    await using auth = open(server.url)
    const { url, transaction } = await start(auth)
    const given = change(url, transaction)
    const changed = { ...transaction, ...(typeof given === "object" ? given : {}) }
    const error = await auth.exchange(url, changed).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ _tag: "AuthError", provider: id, operation: "exchange", reason })
    expect(String(error)).not.toContain(transaction.state)
    expect(server.connections().opened).toBe(0)
  })

  it.each(["", "/callback?code=a", "nonsense"])("refuses %j, which is no absolute URL", async (text) => {
    await using server = await scripted(json({}))
    await using auth = open(server.url)
    const { transaction } = await start(auth)
    await expect(auth.exchange(text, transaction)).rejects.toMatchObject({ reason: { _tag: "InvalidRequest" } })
    expect(server.connections().opened).toBe(0)
  })

  it("accepts the good one, with its issuer and as text, and sends the code, the verifier and the same URI", async () => {
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
    expect(server.asked).toHaveLength(1)
  })
})
