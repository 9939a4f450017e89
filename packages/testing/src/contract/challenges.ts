/** Login, consent and logout screens that the application provides. */
import { expect } from "vitest"
import { reasonOf, type Suite } from "./suite.ts"

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one list of sentences about one flow, in its order
export const challenges = ({ auth, sentence, server, newBrowser }: Suite): void => {
  const origins = () => Array.from(new Set([server().issuer, new URL(server().issuer).origin]))

  /** Opens a URL and returns the challenge in the redirect to the screen. */
  const challengeAt = async (url: string, screen: "login" | "consent" | "logout", browser = newBrowser()) => {
    const screenUrl = await browser.go(url, origins())
    const challenge = new URL(screenUrl).searchParams.get(`${screen}_challenge`)
    if (challenge === null) expect.fail(`expected ${screen}_challenge in the redirect`)
    return { challenge, browser }
  }

  sentence(
    ["authorize", "consent.getLogin", "consent.acceptLogin", "consent.getConsent"],
    "the login and the consent request have the values of the authorization request",
    async () => {
      const { url } = await auth().authorize({ scopes: ["openid", "read"], loginHint: "hinted" })
      const { challenge, browser } = await challengeAt(url, "login")
      const login = await auth().consent.getLogin(challenge)
      expect(login).toMatchObject({
        handled: false,
        challenge,
        skip: false,
        requestedScopes: ["openid", "read"],
        requestedAudience: [],
        requestUrl: url,
      })
      if (login.handled) return
      expect(login.client.clientId).toBe(server().clients.basic.clientId)
      expect(login.hints).toMatchObject({ login_hint: "hinted" })
      const { redirectTo } = await auth().consent.acceptLogin({
        challenge,
        subject: "u-77",
        context: { from: "login" },
        acr: "1",
        amr: ["pwd"],
      })
      const next = await challengeAt(redirectTo, "consent", browser)
      const consent = await auth().consent.getConsent(next.challenge)
      expect(consent).toMatchObject({
        handled: false,
        subject: "u-77",
        requestedScopes: ["openid", "read"],
        context: { from: "login" },
      })
    },
  )

  sentence(
    ["authorize", "exchange", "consent.acceptLogin", "consent.acceptConsent", "introspect"],
    "the token has only the granted scopes, and the claims of the grant",
    async () => {
      const { url, transaction } = await auth().authorize({ scopes: ["openid", "read", "write"] })
      const { challenge, browser } = await challengeAt(url, "login")
      const accepted = await auth().consent.acceptLogin({ challenge, subject: "u-78" })
      const next = await challengeAt(accepted.redirectTo, "consent", browser)
      const session = { accessToken: { tenant: "acme" }, idToken: { email: "u78@example.org" } }
      const consented = await auth().consent.acceptConsent({
        challenge: next.challenge,
        grantScopes: ["openid", "read"],
        session,
      })
      const issued = await auth().exchange(await browser.go(consented.redirectTo, origins()), transaction)
      expect(issued.scopes).toEqual(["openid", "read"])
      expect(issued.idClaims).toMatchObject({ sub: "u-78", email: "u78@example.org" })
      const state = await auth().introspect(issued.accessToken)
      expect(state).toMatchObject({ active: true, scopes: ["openid", "read"] })
      expect(JSON.stringify(state)).toContain('"tenant":"acme"')
    },
  )

  sentence(["authorize", "exchange", "consent.rejectLogin"], "a rejected login is AccessDenied", async () => {
    const { url, transaction } = await auth().authorize({})
    const { challenge, browser } = await challengeAt(url, "login")
    const { redirectTo } = await auth().consent.rejectLogin({
      challenge,
      error: "access_denied",
      errorDescription: "not you",
      statusCode: 403,
    })
    expect((await reasonOf(auth().exchange(await browser.go(redirectTo, origins()), transaction)))._tag).toBe(
      "AccessDenied",
    )
  })

  sentence(
    ["authorize", "exchange", "consent.acceptLogin", "consent.rejectConsent"],
    "a rejected consent is an error with the given code",
    async () => {
      const { url, transaction } = await auth().authorize({})
      const { challenge, browser } = await challengeAt(url, "login")
      const { redirectTo } = await auth().consent.acceptLogin({ challenge, subject: "u-79" })
      const next = await challengeAt(redirectTo, "consent", browser)
      const rejected = await auth().consent.rejectConsent({
        challenge: next.challenge,
        error: "interaction_required",
      })
      expect(await reasonOf(auth().exchange(await browser.go(rejected.redirectTo, origins()), transaction))).toEqual({
        _tag: "InteractionRequired",
        code: "interaction_required",
      })
    },
  )

  sentence(
    ["session.end", "consent.getLogout", "consent.rejectLogout", "consent.acceptLogout"],
    "a logout can be read, rejected, and another accepted",
    async () => {
      const { granting } = server().users
      const browser = newBrowser()
      const { url, transaction } = await auth().authorize({})
      const { idToken = "" } = await auth().exchange(await server().visit(browser, url, granting), transaction)
      const returnTo = server().clients.basic.postLogoutRedirectUri
      const end = async () => (await auth().session.end({ idTokenHint: idToken, returnTo })).url
      const first = await challengeAt(await end(), "logout", browser)
      expect(await auth().consent.getLogout(first.challenge)).toMatchObject({
        handled: false,
        subject: granting.subject,
        rpInitiated: true,
      })
      expect(await auth().consent.rejectLogout(first.challenge)).toBeUndefined()
      const second = await challengeAt(await end(), "logout", browser)
      const { redirectTo } = await auth().consent.acceptLogout(second.challenge)
      expect(await browser.go(redirectTo, origins())).toMatch(returnTo)
    },
  )

  sentence(
    ["consent.getLogin", "consent.getConsent", "consent.getLogout", "consent.acceptLogin"],
    "an unknown challenge is NotFound",
    async () => {
      for (const call of [
        () => auth().consent.getLogin("unknown"),
        () => auth().consent.getConsent("unknown"),
        () => auth().consent.getLogout("unknown"),
      ])
        expect(await reasonOf(call())).toEqual({ _tag: "NotFound" })
      expect(await reasonOf(auth().consent.acceptLogin({ challenge: "unknown", subject: "u" }))).toEqual({
        _tag: "NotFound",
      })
    },
  )

  sentence(["authorize", "exchange", "consent.acceptLogin"], "a remembered user is not asked again", async () => {
    const browser = newBrowser()
    const { granting } = server().users
    const { url, transaction } = await auth().authorize({})
    await auth().exchange(await server().visit(browser, url, granting), transaction)
    const second = await auth().authorize({})
    const { challenge } = await challengeAt(second.url, "login", browser)
    expect(await auth().consent.getLogin(challenge)).toMatchObject({ skip: true, subject: granting.subject })
  })
}
