/** A real Better Auth as an OAuth 2.1 provider on loopback, with users who log in and answer its consent page. */
import { createServer } from "node:http"
import { oauthProvider } from "@better-auth/oauth-provider"
import { betterAuth } from "better-auth"
import { memoryAdapter } from "better-auth/adapters/memory"
import { toNodeHandler } from "better-auth/node"
import { jwt } from "better-auth/plugins"

const tables = [
  ...["user", "session", "account", "verification", "jwks", "oauthClient", "oauthAccessToken", "oauthRefreshToken"],
  ...["oauthConsent", "oauthResource", "oauthClientResource", "oauthClientAssertion"],
]

const password = "correct horse battery staple"

/** The parameters that Better Auth adds on the way to a page. They are not sent back to the authorization endpoint. */
const signed = ["sig", "exp", "ba_iat", "ba_param"]

const cookiesOf = (headers) =>
  headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ")

const optionsOf = ({ origin, resources, initialAccessToken, provider, signing, rateLimit }) => ({
  baseURL: origin,
  secret: "thirty-two characters at the very least",
  emailAndPassword: { enabled: true },
  database: memoryAdapter(Object.fromEntries(tables.map((name) => [name, []]))),
  rateLimit: { enabled: rateLimit === true },
  telemetry: { enabled: false },
  logger: { disabled: true },
  plugins: [
    jwt(signing === undefined ? {} : { jwks: { keyPairConfig: signing } }),
    oauthProvider({
      loginPage: "/login",
      consentPage: "/consent",
      resources,
      scopes: ["openid", "profile", "email", "offline_access", "read", "write"],
      allowDynamicClientRegistration: true,
      // Open, unless registering requires a token.
      allowUnauthenticatedClientRegistration: initialAccessToken === undefined,
      ...(initialAccessToken !== undefined && {
        validateInitialAccessToken: ({ initialAccessToken: presented }) => presented === initialAccessToken && {},
      }),
      clientPrivileges: () => true,
      resourcePrivileges: () => true,
      ...provider,
    }),
  ],
})

/** Makes the users. Returns their ids by email, and the headers of the first one's session. */
const signUp = async (auth, users) => {
  const subjects = {}
  let headers
  for (const email of users) {
    const made = await auth.api.signUpEmail({ body: { email, password, name: email }, returnHeaders: true })
    subjects[email] = made.response.user.id
    headers ??= new Headers({ cookie: cookiesOf(made.headers) })
  }
  return { subjects, headers }
}

const register = async (auth, headers, { linked = true, ...body }, resources) => {
  const registered = await auth.api.adminCreateOAuthClient({ headers, body })
  for (const identifier of linked ? resources : [])
    await auth.api.adminLinkClientResource({ headers, params: { identifier, client_id: registered.client_id } })
  return registered
}

/**
 * Starts Better Auth. A login continues as the user in `login_hint`, or as the first of `users`; the second one refuses.
 *
 * `clients`: the members of RFC 7591 by name, with `client_credentials_scopes`, and `linked: false` for a client without a
 * resource. `provider`: further options of the OAuth provider.
 */
export const startBetterAuth = async ({ users, clients, resources = [], ...rest }) => {
  const requests = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${new URL(request.url, "http://127.0.0.1").pathname}`)
    respond(request, response).catch(() => response.writeHead(500).end())
  })
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready))
  const origin = `http://127.0.0.1:${server.address().port}`
  const issuer = `${origin}/api/auth`
  const auth = betterAuth(optionsOf({ origin, resources, ...rest }))
  const { subjects, headers } = await signUp(auth, users)
  const registered = {}
  for (const [name, client] of Object.entries(clients))
    registered[name] = await register(auth, headers, client, resources)
  const handler = toNodeHandler(auth)

  const login = async (url, user) => {
    const { headers: answer } = await auth.api.signInEmail({ body: { email: user, password }, asResponse: true })
    const asksConsent = (url.searchParams.get("prompt") ?? "").includes("consent")
    for (const name of [...signed, ...(asksConsent ? [] : ["prompt"])]) url.searchParams.delete(name)
    return { location: `${issuer}/oauth2/authorize?${url.searchParams}`, "set-cookie": answer.getSetCookie() }
  }
  const consent = async (url, user, cookie = "") => {
    const response = await fetch(`${issuer}/oauth2/consent`, {
      method: "POST",
      body: JSON.stringify({ accept: user !== users[1], oauth_query: url.search.slice(1) }),
      headers: { "content-type": "application/json", cookie, origin },
    })
    return { location: (await response.json()).url }
  }
  const respond = async (request, response) => {
    const url = new URL(request.url, origin)
    const hint = url.searchParams.get("login_hint")
    const user = users.find((each) => each === hint || subjects[each] === hint) ?? users[0]
    if (url.pathname === "/login") return response.writeHead(302, await login(url, user)).end()
    if (url.pathname === "/consent")
      return response.writeHead(302, await consent(url, user, request.headers.cookie)).end()
    // To whatever calls itself a fetch, Better Auth responds with JSON instead of a redirect.
    delete request.headers["sec-fetch-mode"]
    return handler(request, response)
  }
  const close = () =>
    new Promise((closed) => {
      server.close(() => closed())
      server.closeAllConnections()
    })
  return { issuer, origin, clients: registered, subjects, requests, close }
}
