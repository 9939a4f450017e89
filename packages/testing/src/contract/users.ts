/** Logins of users: the authorization code grant, UserInfo and refresh tokens. */
import { createHash } from "node:crypto"
import { expect } from "vitest"
import { reasonOf, type Suite } from "./suite.ts"

export const users = (suite: Suite): void => {
  logins(suite)
  userInfo(suite)
  refreshTokens(suite)
  callbacks(suite)
}

const logins = ({ auth, sentence, login, server }: Suite): void => {
  sentence(["authorize"], "the authorization request carries PKCE S256, state and nonce, fresh each time", async () => {
    const [first, second] = [await auth().authorize({}), await auth().authorize({})]
    const query = new URL(first.url).searchParams
    expect(query.get("code_challenge_method")).toBe("S256")
    expect(query.get("code_challenge")).toBe(
      createHash("sha256").update(first.transaction.verifier).digest("base64url"),
    )
    expect(query.get("state")).toBe(first.transaction.state)
    expect(query.get("nonce")).toBe(first.transaction.nonce)
    expect(query.get("redirect_uri")).toBe(server().clients.basic.redirectUri)
    for (const name of ["state", "nonce", "verifier"] as const) {
      expect(first.transaction[name]).not.toBe(second.transaction[name])
      expect(first.transaction[name].length).toBeGreaterThanOrEqual(43)
    }
    expect(JSON.parse(JSON.stringify(first.transaction))).toEqual(first.transaction)
  })

  sentence(
    ["authorize", "exchange", "userInfo", "introspect"],
    "the tokens of a login name the user and the client",
    async () => {
      const { subject, claims } = server().users.granting
      const { callbackUrl, transaction } = await login(auth())
      const issued = await auth().exchange(callbackUrl, JSON.parse(JSON.stringify(transaction)))
      expect(issued.idClaims).toMatchObject({ iss: server().issuer, sub: subject, nonce: transaction.nonce })
      const state = await auth().introspect(issued.accessToken)
      expect(state).toMatchObject({ active: true, subject, use: "access_token" })
      // Absent where the vendor's subjects may be service accounts.
      expect([undefined, "user"]).toContain(state.active ? state.subjectType : "inactive")
      const user = await auth().userInfo(issued.accessToken, { expectedSubject: subject })
      expect(user.subject).toBe(subject)
      expect(claims).toMatchObject(user.email === undefined ? {} : { email: user.email })
    },
  )
}

const userInfo = ({ auth, sentence, login, server }: Suite): void => {
  sentence(
    ["userInfo", "authorize", "exchange"],
    "userInfo for another subject than expected is InvalidToken",
    async () => {
      const { callbackUrl, transaction } = await login(auth())
      const { accessToken } = await auth().exchange(callbackUrl, transaction)
      expect(await reasonOf(auth().userInfo(accessToken, { expectedSubject: "somebody else" }))).toEqual({
        _tag: "InvalidToken",
        check: "subject",
      })
    },
  )

  sentence(["userInfo"], "userInfo with a text that is not a token is InvalidToken", async () => {
    expect((await reasonOf(auth().userInfo("garbage")))._tag).toBe("InvalidToken")
  })

  sentence(
    ["userInfo", "authorize", "exchange"],
    "the signature of a signed UserInfo response is verified",
    async () => {
      if (server().clients.signed_userinfo === undefined)
        return expect.fail(
          'the server has no client "signed_userinfo": add it to `clients`, or add the reason to `skips`',
        )
      const { callbackUrl, transaction } = await login(auth("signed_userinfo"))
      const { accessToken } = await auth("signed_userinfo").exchange(callbackUrl, transaction)
      expect((await auth("signed_userinfo").userInfo(accessToken)).subject).toBe(server().users.granting.subject)
    },
  )
}

const refreshTokens = ({ auth, sentence, login, server }: Suite): void => {
  sentence(
    ["authorize", "exchange", "refresh", "introspect"],
    "a refresh token gives new tokens, and is never an active access token",
    async () => {
      const { callbackUrl, transaction } = await login(auth(), { offline: true })
      const first = await auth().exchange(callbackUrl, transaction)
      const refreshToken = first.refreshToken ?? ""
      expect(refreshToken).not.toBe("")
      expect(await auth().introspect(refreshToken)).toEqual({ active: false })
      const second = await auth().refresh(refreshToken)
      expect(second.refreshToken).toBeTypeOf("string")
      expect(await auth().introspect(second.accessToken)).toMatchObject({
        active: true,
        subject: server().users.granting.subject,
      })
    },
  )

  sentence(
    ["authorize", "exchange", "introspect"],
    "a refresh token is active where one is expected, and an access token is not",
    async () => {
      const { callbackUrl, transaction } = await login(auth(), { offline: true })
      const { accessToken, refreshToken = "" } = await auth().exchange(callbackUrl, transaction)
      expect(await auth().introspect(refreshToken, { expect: "refresh_token" })).toMatchObject({
        active: true,
        use: "refresh_token",
      })
      expect(await auth().introspect(accessToken, { expect: "refresh_token" })).toEqual({ active: false })
    },
  )

  sentence(["authorize", "exchange"], "a refresh token is issued only on request", async () => {
    const { callbackUrl, transaction } = await login(auth())
    expect((await auth().exchange(callbackUrl, transaction)).refreshToken).toBeUndefined()
  })

  sentence(["authorize", "exchange", "introspect", "revoke"], "a user's revoked token is inactive", async () => {
    const { callbackUrl, transaction } = await login(auth())
    const { accessToken } = await auth().exchange(callbackUrl, transaction)
    expect(await auth().introspect(accessToken)).toMatchObject({ active: true })
    expect(await auth().revoke(accessToken)).toBeUndefined()
    expect(await auth().introspect(accessToken)).toEqual({ active: false })
  })

  sentence(["refresh"], "a text that is not a refresh token is InvalidGrant", async () => {
    expect((await reasonOf(auth().refresh("garbage")))._tag).toBe("InvalidGrant")
  })
}

const callbacks = ({ auth, sentence, login, server, requests }: Suite): void => {
  sentence(["authorize", "exchange"], "a code works once", async () => {
    const { callbackUrl, transaction } = await login(auth())
    await auth().exchange(callbackUrl, transaction)
    expect((await reasonOf(auth().exchange(callbackUrl, transaction)))._tag).toBe("InvalidGrant")
  })

  sentence(["authorize", "exchange"], "a callback of another login is rejected before anything is sent", async () => {
    const { callbackUrl, transaction } = await login(auth())
    const before = requests.length
    const exchangeReason = async (url: string, change: Partial<typeof transaction> = {}) =>
      reasonOf(auth().exchange(url, { ...transaction, ...change }))
    const withParameter = (name: string, value: string) =>
      callbackUrl.replace(new RegExp(`([?&]${name}=)[^&]*`), `$1${value}`)
    expect(await exchangeReason(callbackUrl, { state: "another" })).toMatchObject({
      _tag: "InvalidCallback",
      check: "state",
    })
    expect(await exchangeReason(withParameter("state", "another"))).toMatchObject({
      _tag: "InvalidCallback",
      check: "state",
    })
    expect(await exchangeReason(callbackUrl, { issuer: "https://another.example" })).toMatchObject({
      _tag: "InvalidCallback",
      check: "issuer",
    })
    expect(await exchangeReason(callbackUrl, { provider: "another" })).toMatchObject({
      _tag: "InvalidCallback",
      check: "provider",
    })
    expect(await exchangeReason(callbackUrl.replace("/cb", "/elsewhere"))).toMatchObject({
      _tag: "InvalidCallback",
      check: "redirect_uri",
    })
    expect(await exchangeReason(withParameter("code", ""))).toMatchObject({ _tag: "InvalidCallback", check: "code" })
    expect(requests.length).toBe(before)
  })

  sentence(["authorize", "exchange"], "an ID token with another nonce is refused", async () => {
    const { callbackUrl, transaction } = await login(auth())
    expect((await reasonOf(auth().exchange(callbackUrl, { ...transaction, nonce: "another-nonce" })))._tag).toBe(
      "UnexpectedResponse",
    )
  })

  sentence(["authorize", "exchange"], "a user who refuses is AccessDenied", async () => {
    const { callbackUrl, transaction } = await login(auth(), {}, server().users.refusing)
    expect((await reasonOf(auth().exchange(callbackUrl, transaction)))._tag).toBe("AccessDenied")
  })

  sentence(["authorize", "exchange"], "a login that may not show a page is InteractionRequired", async () => {
    const { callbackUrl, transaction } = await login(auth(), { prompt: "none" })
    expect((await reasonOf(auth().exchange(callbackUrl, transaction)))._tag).toBe("InteractionRequired")
  })
}
