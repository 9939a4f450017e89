/** The library takes a user through login, consent, tokens and logout. */
import { member, type SdkResponse, type Step, sentBack, step, type World } from "./sdk.ts"

const at = "http://127.0.0.1:9"
const web = { username: "web", password: "web-secret" }

const question = {
  client_id: "web",
  response_type: "code",
  redirect_uri: `${at}/cb`,
  scope: "openid offline_access read",
  state: "state-1234",
  nonce: "nonce-1234",
}

type Screen = "login" | "consent" | "logout"

/** The browser goes to the authorization endpoint; the challenge of the screen that it is sent to is kept. */
const authorize = async (world: World, params: unknown, screen?: Screen): Promise<SdkResponse> => {
  const response = await world.oauth().oAuth2Authorize({ params, headers: world.cookies() })
  world.cookies(response)
  if (screen !== undefined) world.keep(screen, sentBack(response, `${screen}_challenge`))
  return response
}

/** The browser goes where the screen's answer says. */
const goOn = (world: World, screen?: Screen) => authorize(world, new URL(world.kept("next")).searchParams, screen)

const logOut = async (world: World, params: unknown, screen?: Screen): Promise<SdkResponse> => {
  const response = await world.oidc().revokeOidcSession({ params, headers: world.cookies() })
  world.cookies(response)
  if (screen !== undefined) world.keep(screen, sentBack(response, `${screen}_challenge`))
  return response
}

const keepNext = (world: World, response: SdkResponse): SdkResponse => {
  world.keep("next", member(response.data, "redirect_to"))
  return response
}

const acceptLogin = async (world: World, more: object = {}) =>
  keepNext(
    world,
    await world.admin.acceptOAuth2LoginRequest({
      loginChallenge: world.kept("login"),
      acceptOAuth2LoginRequest: { subject: "u1", remember: true, remember_for: 3600, ...more },
    }),
  )

const session = { access_token: { plan: "gold" }, id_token: { email: "u1@example.com" } }

const acceptConsent = async (world: World, more: object = {}) =>
  keepNext(
    world,
    await world.admin.acceptOAuth2ConsentRequest({
      consentChallenge: world.kept("consent"),
      acceptOAuth2ConsentRequest: {
        grant_scope: ["openid", "offline_access", "read"],
        remember: true,
        remember_for: 3600,
        session,
        ...more,
      },
    }),
  )

export const userSteps: ReadonlyArray<Step> = [
  step("creates a client for users", (world) =>
    world.admin.createOAuth2Client({
      oAuth2Client: {
        client_id: "web",
        client_secret: "web-secret",
        redirect_uris: [`${at}/cb`],
        post_logout_redirect_uris: [`${at}/bye`],
        grant_types: ["authorization_code", "refresh_token", "client_credentials"],
        scope: "openid offline_access read",
      },
    }),
  ),
  step("sends a user to authorize", (world) => authorize(world, question, "login")),
  step("reads the login request", (world) =>
    world.admin.getOAuth2LoginRequest({ loginChallenge: world.kept("login") }),
  ),
  step("accepts the login", (world) => acceptLogin(world, { acr: "1", amr: ["pwd"], context: { k: "v" } })),
  step("reads the accepted login request", (world) =>
    world.admin.getOAuth2LoginRequest({ loginChallenge: world.kept("login") }),
  ),
  step("goes on to consent", (world) => goOn(world, "consent")),
  step("reads the consent request", (world) =>
    world.admin.getOAuth2ConsentRequest({ consentChallenge: world.kept("consent") }),
  ),
  step("accepts the consent", (world) => acceptConsent(world)),
  step("comes back with a code", async (world) => {
    const back = await goOn(world)
    world.keep("code", sentBack(back, "code"))
    return back
  }),
  step("exchanges the code", async (world) => {
    const code = { grantType: "authorization_code", code: world.kept("code"), redirectUri: `${at}/cb` }
    const tokens = await world.oauth(web).oauth2TokenExchange(code)
    for (const name of ["access_token", "refresh_token", "id_token"]) world.keep(name, member(tokens.data, name))
    return tokens
  }),
  step("reads claims of the user", (world) =>
    world.oidc({ accessToken: world.kept("access_token") }).getOidcUserInfo(),
  ),
  step("reads claims with a refresh token", (world) =>
    world.oidc({ accessToken: world.kept("refresh_token") }).getOidcUserInfo(),
  ),
  step("reads claims as nobody", (world) => world.oidc().getOidcUserInfo()),
  step("lists the consent sessions of a user", (world) => world.admin.listOAuth2ConsentSessions({ subject: "u1" })),
  step("lists the consent sessions of a stranger", (world) => world.admin.listOAuth2ConsentSessions({ subject: "u9" })),
  step("is remembered at the next login", (world) => authorize(world, question, "login")),
  step("reads the remembered login request", (world) =>
    world.admin.getOAuth2LoginRequest({ loginChallenge: world.kept("login") }),
  ),
  step("accepts the login of somebody else", (world) => acceptLogin(world, { subject: "u2" })),
  step("rejects a login", async (world) => {
    const rejectOAuth2Request = { error: "access_denied", error_description: "no such user", error_hint: "hint" }
    return keepNext(
      world,
      await world.admin.rejectOAuth2LoginRequest({ loginChallenge: world.kept("login"), rejectOAuth2Request }),
    )
  }),
  step("comes back from a rejected login", (world) => goOn(world)),
  step("is remembered again", (world) => authorize(world, question, "login")),
  step("accepts the remembered login", (world) => acceptLogin(world)),
  step("goes on to the consent it gave before", (world) => goOn(world, "consent")),
  step("reads the consent request that may be skipped", (world) =>
    world.admin.getOAuth2ConsentRequest({ consentChallenge: world.kept("consent") }),
  ),
  step("accepts the consent in a context", (world) => acceptConsent(world, { context: { c: 1 } })),
  step("comes back with another code", (world) => goOn(world)),
  step("lists the consent sessions in that context", (world) =>
    world.admin.listOAuth2ConsentSessions({ subject: "u1", pageSize: 5 }),
  ),
  step("is remembered once more", (world) => authorize(world, question, "login")),
  step("accepts the login once more", (world) => acceptLogin(world)),
  step("goes on to the last consent", (world) => goOn(world, "consent")),
  step("rejects a consent", async (world) => {
    const rejectOAuth2Request = { error: "access_denied", error_description: "user said no" }
    return keepNext(
      world,
      await world.admin.rejectOAuth2ConsentRequest({ consentChallenge: world.kept("consent"), rejectOAuth2Request }),
    )
  }),
  step("comes back from a rejected consent", (world) => goOn(world)),
  step("asks with an unknown scope", (world) => authorize(world, { ...question, scope: "openid nope" })),
  step("asks with a short state", (world) => authorize(world, { ...question, state: "x" })),
  step("asks for another redirect", (world) => authorize(world, { ...question, redirect_uri: "http://evil.example/" })),
  step("logs out", (world) =>
    logOut(
      world,
      { id_token_hint: world.kept("id_token"), post_logout_redirect_uri: `${at}/bye`, state: "bye-1" },
      "logout",
    ),
  ),
  step("reads the logout request", (world) =>
    world.admin.getOAuth2LogoutRequest({ logoutChallenge: world.kept("logout") }),
  ),
  step("rejects the logout", (world) =>
    world.admin.rejectOAuth2LogoutRequest({ logoutChallenge: world.kept("logout") }),
  ),
  step("reads the rejected logout request", (world) =>
    world.admin.getOAuth2LogoutRequest({ logoutChallenge: world.kept("logout") }),
  ),
  step("logs out without a hint", (world) => logOut(world, {}, "logout")),
  step("accepts the logout", async (world) =>
    keepNext(world, await world.admin.acceptOAuth2LogoutRequest({ logoutChallenge: world.kept("logout") })),
  ),
  step("comes back from the logout", (world) => logOut(world, new URL(world.kept("next")).searchParams)),
  step("logs out when there is no session", (world) => logOut(world, {})),
  step("reads an unknown login request", (world) => world.admin.getOAuth2LoginRequest({ loginChallenge: "nope" })),
  step("reads an unknown consent request", (world) =>
    world.admin.getOAuth2ConsentRequest({ consentChallenge: "nope" }),
  ),
  step("reads an unknown logout request", (world) => world.admin.getOAuth2LogoutRequest({ logoutChallenge: "nope" })),
]
