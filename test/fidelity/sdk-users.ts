/** Steps of a user through login, consent, tokens and logout. */
import { member, redirectParameter, type SdkResponse, type Step, type StepContext, step } from "./sdk.ts"

const at = "http://127.0.0.1:9"
const web = { username: "web", password: "web-secret" }

const authorizationRequest = {
  client_id: "web",
  response_type: "code",
  redirect_uri: `${at}/cb`,
  scope: "openid offline_access read",
  state: "state-1234",
  nonce: "nonce-1234",
}

type Screen = "login" | "consent" | "logout"

/** Sends the browser to the authorization endpoint, and saves the challenge of the screen in the redirect. */
const authorize = async (context: StepContext, params: unknown, screen?: Screen): Promise<SdkResponse> => {
  const response = await context.oauth().oAuth2Authorize({ params, headers: context.cookies() })
  context.cookies(response)
  if (screen !== undefined) context.save(screen, redirectParameter(response, `${screen}_challenge`))
  return response
}

/** Sends the browser to the URL in the screen's response. */
const followRedirect = (context: StepContext, screen?: Screen) =>
  authorize(context, new URL(context.saved("next")).searchParams, screen)

const logOut = async (context: StepContext, params: unknown, screen?: Screen): Promise<SdkResponse> => {
  const response = await context.oidc().revokeOidcSession({ params, headers: context.cookies() })
  context.cookies(response)
  if (screen !== undefined) context.save(screen, redirectParameter(response, `${screen}_challenge`))
  return response
}

const saveNext = (context: StepContext, response: SdkResponse): SdkResponse => {
  context.save("next", member(response.data, "redirect_to"))
  return response
}

const acceptLogin = async (context: StepContext, more: object = {}) =>
  saveNext(
    context,
    await context.admin.acceptOAuth2LoginRequest({
      loginChallenge: context.saved("login"),
      acceptOAuth2LoginRequest: { subject: "u1", remember: true, remember_for: 3600, ...more },
    }),
  )

const session = { access_token: { plan: "gold" }, id_token: { email: "u1@example.com" } }

const acceptConsent = async (context: StepContext, more: object = {}) =>
  saveNext(
    context,
    await context.admin.acceptOAuth2ConsentRequest({
      consentChallenge: context.saved("consent"),
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
  step("creates a client for users", (context) =>
    context.admin.createOAuth2Client({
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
  step("sends a user to authorize", (context) => authorize(context, authorizationRequest, "login")),
  step("reads the login request", (context) =>
    context.admin.getOAuth2LoginRequest({ loginChallenge: context.saved("login") }),
  ),
  step("accepts the login", (context) => acceptLogin(context, { acr: "1", amr: ["pwd"], context: { k: "v" } })),
  step("reads the accepted login request", (context) =>
    context.admin.getOAuth2LoginRequest({ loginChallenge: context.saved("login") }),
  ),
  step("goes on to consent", (context) => followRedirect(context, "consent")),
  step("reads the consent request", (context) =>
    context.admin.getOAuth2ConsentRequest({ consentChallenge: context.saved("consent") }),
  ),
  step("accepts the consent", (context) => acceptConsent(context)),
  step("comes back with a code", async (context) => {
    const response = await followRedirect(context)
    context.save("code", redirectParameter(response, "code"))
    return response
  }),
  step("exchanges the code", async (context) => {
    const code = { grantType: "authorization_code", code: context.saved("code"), redirectUri: `${at}/cb` }
    const tokens = await context.oauth(web).oauth2TokenExchange(code)
    for (const name of ["access_token", "refresh_token", "id_token"]) context.save(name, member(tokens.data, name))
    return tokens
  }),
  step("requests UserInfo", (context) =>
    context.oidc({ accessToken: context.saved("access_token") }).getOidcUserInfo(),
  ),
  step("requests UserInfo with a refresh token", (context) =>
    context.oidc({ accessToken: context.saved("refresh_token") }).getOidcUserInfo(),
  ),
  step("requests UserInfo without a token", (context) => context.oidc().getOidcUserInfo()),
  step("lists the consent sessions of a user", (context) => context.admin.listOAuth2ConsentSessions({ subject: "u1" })),
  step("lists the consent sessions of an unknown user", (context) =>
    context.admin.listOAuth2ConsentSessions({ subject: "u9" }),
  ),
  step("is remembered at the next login", (context) => authorize(context, authorizationRequest, "login")),
  step("reads the remembered login request", (context) =>
    context.admin.getOAuth2LoginRequest({ loginChallenge: context.saved("login") }),
  ),
  step("accepts the login as another user", (context) => acceptLogin(context, { subject: "u2" })),
  step("rejects a login", async (context) => {
    const rejectOAuth2Request = { error: "access_denied", error_description: "no such user", error_hint: "hint" }
    return saveNext(
      context,
      await context.admin.rejectOAuth2LoginRequest({ loginChallenge: context.saved("login"), rejectOAuth2Request }),
    )
  }),
  step("comes back from a rejected login", (context) => followRedirect(context)),
  step("is remembered again", (context) => authorize(context, authorizationRequest, "login")),
  step("accepts the remembered login", (context) => acceptLogin(context)),
  step("goes on to a consent that was given before", (context) => followRedirect(context, "consent")),
  step("reads the consent request that may be skipped", (context) =>
    context.admin.getOAuth2ConsentRequest({ consentChallenge: context.saved("consent") }),
  ),
  step("accepts the consent in a context", (context) => acceptConsent(context, { context: { c: 1 } })),
  step("comes back with another code", (context) => followRedirect(context)),
  step("lists the consent sessions in that context", (context) =>
    context.admin.listOAuth2ConsentSessions({ subject: "u1", pageSize: 5 }),
  ),
  step("is remembered once more", (context) => authorize(context, authorizationRequest, "login")),
  step("accepts the login once more", (context) => acceptLogin(context)),
  step("goes on to the last consent", (context) => followRedirect(context, "consent")),
  step("rejects a consent", async (context) => {
    const rejectOAuth2Request = { error: "access_denied", error_description: "the user rejected it" }
    return saveNext(
      context,
      await context.admin.rejectOAuth2ConsentRequest({
        consentChallenge: context.saved("consent"),
        rejectOAuth2Request,
      }),
    )
  }),
  step("comes back from a rejected consent", (context) => followRedirect(context)),
  step("requests an unknown scope", (context) => authorize(context, { ...authorizationRequest, scope: "openid nope" })),
  step("sends a short state", (context) => authorize(context, { ...authorizationRequest, state: "x" })),
  step("requests an unregistered redirect URI", (context) =>
    authorize(context, { ...authorizationRequest, redirect_uri: "http://evil.example/" }),
  ),
  step("logs out", (context) =>
    logOut(
      context,
      { id_token_hint: context.saved("id_token"), post_logout_redirect_uri: `${at}/bye`, state: "bye-1" },
      "logout",
    ),
  ),
  step("reads the logout request", (context) =>
    context.admin.getOAuth2LogoutRequest({ logoutChallenge: context.saved("logout") }),
  ),
  step("rejects the logout", (context) =>
    context.admin.rejectOAuth2LogoutRequest({ logoutChallenge: context.saved("logout") }),
  ),
  step("reads the rejected logout request", (context) =>
    context.admin.getOAuth2LogoutRequest({ logoutChallenge: context.saved("logout") }),
  ),
  step("logs out without a hint", (context) => logOut(context, {}, "logout")),
  step("accepts the logout", async (context) =>
    saveNext(context, await context.admin.acceptOAuth2LogoutRequest({ logoutChallenge: context.saved("logout") })),
  ),
  step("comes back from the logout", (context) => logOut(context, new URL(context.saved("next")).searchParams)),
  step("logs out when there is no session", (context) => logOut(context, {})),
  step("reads an unknown login request", (context) => context.admin.getOAuth2LoginRequest({ loginChallenge: "nope" })),
  step("reads an unknown consent request", (context) =>
    context.admin.getOAuth2ConsentRequest({ consentChallenge: "nope" }),
  ),
  step("reads an unknown logout request", (context) =>
    context.admin.getOAuth2LogoutRequest({ logoutChallenge: "nope" }),
  ),
]
