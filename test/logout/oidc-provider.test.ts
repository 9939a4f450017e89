/** Logouts that a certified OpenID provider really sends. */
import { makeBrowser, startOidc } from "@latchkey/testing"
import { createAuth } from "latchkey"
import { oidc } from "latchkey/oidc"
import { describe, expect, it } from "vitest"
import { partsOf, startReceiver } from "./receiver.ts"

const redirectUri = "http://127.0.0.1:9/cb"
const returnTo = "http://127.0.0.1:9/out"

const startIssuer = (uri: string, isSessionRequired: boolean) =>
  startOidc({
    clients: [
      {
        client_id: "web",
        client_secret: "a secret of web",
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [returnTo],
        backchannel_logout_uri: uri,
        backchannel_logout_session_required: isSessionRequired,
      },
    ],
  })

const open = (issuer: string) =>
  createAuth(
    oidc({
      issuer,
      insecureOrigins: [issuer],
      clientId: "web",
      clientSecret: "a secret of web",
      redirectUri,
      token: { kind: "access_only" },
      retry: false,
      cache: { maxAge: "1 hour" },
    }),
  )

describe.each([true, false])("a real oidc-provider, with sid: %s", (isSessionRequired) => {
  it("ends the cached answers of the user who logs out, before its request is answered", async () => {
    await using receiver = await startReceiver()
    await using issuer = await startIssuer(receiver.uri, isSessionRequired)
    await using auth = open(issuer.issuer)
    receiver.serve(auth)
    const browser = makeBrowser()
    const login = async (subject: string, by = browser) => {
      const { url, transaction } = await auth.authorize({ scopes: ["openid"], loginHint: subject })
      return auth.exchange(await by.go(url, [issuer.issuer]), transaction)
    }
    const other = await login("user-2", makeBrowser())
    const { accessToken, idToken = "" } = await login("user-1")
    expect(await auth.introspect(accessToken)).toMatchObject({ active: true, subject: "user-1" })
    const before = await auth.introspect(other.accessToken)
    await browser.go((await auth.session.end({ idTokenHint: idToken, returnTo })).url, [issuer.issuer])
    expect(await receiver.outcomes(1)).toEqual(["done"])
    const { header, claims } = partsOf(receiver.bodies[0])
    expect(header).toMatchObject({ typ: "logout+jwt" })
    expect(claims).toMatchObject({ sub: "user-1" })
    expect("sid" in claims).toBe(isSessionRequired)
    // Of an hour's cache: only the end of the session lets the server be asked again.
    expect(await auth.introspect(accessToken)).toEqual({ active: false })
    expect(await auth.introspect(other.accessToken)).toEqual(before)
  })
})
