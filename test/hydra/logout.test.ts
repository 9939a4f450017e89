/** Back-channel logout of a real Ory Hydra. */
import { makeBrowser } from "@latchkey/testing"
import { createAuth, type TokenState } from "latchkey"
import { ory } from "latchkey/ory"
import { describe, expect, it } from "vitest"
import { throughScreens } from "../../demo/login-screens.ts"
import { partsOf, type Receiver, startReceiver } from "../logout/receiver.ts"
import { hydraBinary } from "./build.ts"
import { type Hydra, startHydra } from "./start.ts"

const binary = await hydraBinary()

const redirectUri = "http://127.0.0.1:9/cb"
const returnTo = "http://127.0.0.1:9/out"
const clientSecret = "a secret of web"

/** An hour's cache: only the end of a session lets Hydra be asked again. */
const open = ({ publicUrl, adminUrl }: Hydra, clientId: string) =>
  createAuth(
    ory({
      ...{ publicUrl, adminUrl, insecureOrigins: [publicUrl, adminUrl], clientId, clientSecret, redirectUri },
      retry: false,
      cache: { maxAge: "1 hour" },
    }),
  )

type Auth = ReturnType<typeof open>

const person = { subject: "user-1", claims: {} }

const login = async (auth: Auth, { publicUrl }: Hydra, browser = makeBrowser()) => {
  const { url, transaction } = await auth.authorize({ scopes: ["openid"] })
  return auth.exchange(await throughScreens(auth.consent, browser, url, publicUrl, person), transaction)
}

const register = async (hydra: Hydra, receiver: Receiver): Promise<string> => {
  await using admin = open(hydra, "unused")
  const { clientId } = await admin.clients.create({
    ...{ secret: clientSecret, redirectUris: [redirectUri], postLogoutRedirectUris: [returnTo], scopes: ["openid"] },
    grantTypes: ["authorization_code"],
    extra: { backchannel_logout_uri: receiver.uri, backchannel_logout_session_required: true },
  })
  return clientId
}

/** When Hydra was asked for an answer. */
const askedAt = (state: TokenState): number => (state.active ? (state.source.live?.getTime() ?? 0) : 0)

describe.skipIf("missing" in binary)("the back-channel logout of a real Hydra", () => {
  it("names the session alone, and ends the cached answers of the user whose login it was", async () => {
    await using receiver = await startReceiver()
    await using hydra = await startHydra()
    const clientId = await register(hydra, receiver)
    await using auth = open(hydra, clientId)
    receiver.serve(auth)
    const browser = makeBrowser()
    const { accessToken, idToken = "", idClaims } = await login(auth, hydra, browser)
    const first = askedAt(await auth.introspect(accessToken))
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(askedAt(await auth.introspect(accessToken))).toBe(first)
    const end = await auth.session.end({ idTokenHint: idToken, returnTo })
    expect(await throughScreens(auth.consent, browser, end.url, hydra.publicUrl, person)).toBe(returnTo)
    expect(await receiver.outcomes(1)).toEqual(["done"])
    const { header, claims } = partsOf(receiver.bodies[0])
    expect(header).toEqual({ alg: "RS256", kid: expect.any(String), typ: "JWT" })
    expect(Object.keys(claims).sort()).toEqual(["aud", "events", "iat", "iss", "jti", "sid"])
    expect(claims).toMatchObject({ sid: idClaims?.sid, aud: [clientId] })
    // Hydra itself keeps the token active after a logout (ory/hydra#3484).
    expect(askedAt(await auth.introspect(accessToken))).toBeGreaterThan(first)
  })
})
