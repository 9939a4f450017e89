import { startOry, startVendor } from "@latchkey/testing"
import { createAuth } from "latchkey"
import { webGuard } from "latchkey/guard"
import { describe, expect, it } from "vitest"
import { vendorOfToken } from "../../examples/two-vendors.ts"

const audience = "https://api.example"
const client = { client_id: "orders", client_secret: "secret", redirect_uris: ["https://app.example/cb"] }

const start = async () => {
  const stack = new AsyncDisposableStack()
  const hydra = stack.use(await startOry({ seed: { clients: [{ client_id: "orders", client_secret: "secret" }] } }))
  const okta = stack.use(await startVendor("okta", { clients: [client], audience }))
  const stranger = stack.use(await startVendor("okta", { clients: [client], audience }))
  const credentials = { clientId: "orders", clientSecret: "secret", retry: false } as const
  const { publicUrl, adminUrl } = hydra
  const older = stack.use(
    createAuth({ provider: "ory", publicUrl, adminUrl, insecureOrigins: [publicUrl, adminUrl], ...credentials }),
  )
  const newer = stack.use(
    createAuth({
      provider: "okta",
      issuer: okta.issuer,
      audience: [audience],
      insecureOrigins: [okta.origin],
      ...credentials,
    }),
  )
  const route = webGuard(vendorOfToken({ [okta.issuer]: newer }, older))(
    (_, { auth }) => new Response(String(auth.subject)),
  )
  const send = async (token: string): Promise<string> => {
    const request = new Request("https://api.example/", { headers: { authorization: `Bearer ${token}` } })
    const response = await route(request)
    return response.status === 200 ? response.text() : String(response.status)
  }
  return { hydra, okta, stranger, send, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

describe("examples/two-vendors.ts", () => {
  it("accepts the tokens of both vendors, and no token of a third one", async () => {
    await using world = await start()
    expect(await world.send(await world.okta.issue({ subject: "ada", scopes: ["openid"] }))).toBe("ada")
    expect(await world.send(await world.hydra.issue({ subject: "grace", scopes: [] }))).toBe("grace")
    expect(await world.send(await world.stranger.issue({ subject: "mallory", scopes: ["openid"] }))).toBe("401")
    expect(await world.send("not-a-token")).toBe("401")
  })

  it("rejects a token that names a listed issuer and is signed by another one", async () => {
    await using world = await start()
    const token = await world.stranger.issue({ subject: "mallory", scopes: ["openid"] })
    const [header, claims = "", signature] = token.split(".")
    const changed = { ...JSON.parse(Buffer.from(claims, "base64url").toString()), iss: world.okta.issuer }
    const forged = [header, Buffer.from(JSON.stringify(changed)).toString("base64url"), signature].join(".")
    expect(await world.send(forged)).toBe("401")
  })

  it("answers 503 for the tokens of a vendor that is down, and 200 for those of the other one", async () => {
    await using world = await start()
    const ofOkta = await world.okta.issue({ subject: "ada", scopes: ["openid"] })
    const ofHydra = await world.hydra.issue({ subject: "grace", scopes: [] })
    await world.okta.close()
    expect(await world.send(ofOkta)).toBe("503")
    expect(await world.send(ofHydra)).toBe("grace")
  })
})
