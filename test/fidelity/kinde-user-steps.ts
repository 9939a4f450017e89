/** The requests that `@kinde-oss/kinde-typescript-sdk` can send to the emulator. */
import {
  ApplicationsApi,
  Configuration,
  createKindeServerClient,
  GrantType,
  OAuthApi,
  type SessionManager,
} from "@kinde-oss/kinde-typescript-sdk"
import {
  afterLogout,
  api,
  callback,
  type KindeContext,
  type KindeStep,
  manager,
  page,
  person,
  web,
} from "./kinde-sdk.ts"

/** Makes a browser session with the methods that the library requires. */
const session = (): SessionManager => {
  const items = new Map<string, unknown>()
  return {
    getSessionItem: async (key) => items.get(key) ?? null,
    setSessionItem: async (key, value) => void items.set(key, value),
    removeSessionItem: async (key) => void items.delete(key),
    destroySession: async () => items.clear(),
  }
}

const [ofWeb, ofPage, ofMachine, ofApp] = [session(), session(), session(), session()]

const at = ({ emulator }: KindeContext) => ({
  authDomain: emulator.issuer,
  redirectURL: callback,
  logoutRedirectURL: afterLogout,
})
const webOf = (context: KindeContext) =>
  createKindeServerClient(GrantType.AUTHORIZATION_CODE, { ...at(context), ...web, audience: api })
const pageOf = (context: KindeContext) => createKindeServerClient(GrantType.PKCE, { ...at(context), ...page })

const oauth = (context: KindeContext, token: string) =>
  new OAuthApi(new Configuration({ basePath: context.emulator.issuer, accessToken: context.saved(token) }))

const visit = async ({ browser, emulator }: KindeContext, url: URL) => {
  url.searchParams.set("login_hint", person)
  return new URL(await browser.go(url.href, [emulator.issuer]))
}

export const userSteps: ReadonlyArray<KindeStep> = [
  {
    name: "logs a user in with a secret",
    run: async (context) => {
      const client = webOf(context)
      await client.handleRedirectToApp(ofWeb, await visit(context, await client.login(ofWeb)))
      context.save("token", await client.getToken(ofWeb))
      return client.isAuthenticated(ofWeb)
    },
  },
  { name: "reads the ID token's user", run: (context) => webOf(context).getUser(ofWeb) },
  { name: "reads the user's profile", run: (context) => webOf(context).getUserProfile(ofWeb) },
  { name: "reads a claim of the access token", run: (context) => webOf(context).getClaimValue(ofWeb, "aud") },
  { name: "reads a permission", run: (context) => webOf(context).getPermission(ofWeb, "orders:read") },
  {
    name: "refreshes",
    run: async (context) => {
      const tokens = await webOf(context).refreshTokens(ofWeb)
      context.save("token", tokens.access_token)
      return Object.keys(tokens).sort()
    },
  },
  {
    name: "logs a user in without a secret",
    run: async (context) => {
      const client = pageOf(context)
      await client.handleRedirectToApp(ofPage, await visit(context, await client.register(ofPage)))
      return client.isAuthenticated(ofPage)
    },
  },
  {
    name: "logs the user out",
    run: async (context) => {
      const url = await pageOf(context).logout(ofPage)
      return context.browser.go(url.href, [context.emulator.issuer])
    },
  },
  {
    name: "gets a token for a machine",
    run: async (context) => {
      const audience = `${context.emulator.apiHost}/api`
      const client = createKindeServerClient(GrantType.CLIENT_CREDENTIALS, { ...at(context), ...manager, audience })
      context.save("machine", await client.getToken(ofMachine))
      return client.isAuthenticated(ofMachine)
    },
  },
  {
    name: "gets a token for an API that the machine may not use",
    run: (context) =>
      createKindeServerClient(GrantType.CLIENT_CREDENTIALS, {
        ...at(context),
        ...manager,
        audience: "https://else.example",
      }).getToken(ofApp),
    fails: 0,
  },
  { name: "reads the version 2 profile", run: (context) => oauth(context, "token").getUserProfileV2() },
  { name: "reads the version 1 profile", run: (context) => oauth(context, "token").getUser() },
  {
    name: "reads the profile of a machine",
    run: (context) => oauth(context, "machine").getUserProfileV2(),
    fails: 403,
  },
  {
    name: "introspects a token",
    run: (context) => oauth(context, "machine").tokenIntrospection({ token: context.saved("token") }),
  },
  {
    name: "introspects a token with itself",
    run: (context) => oauth(context, "token").tokenIntrospection({ token: context.saved("token") }),
    fails: 401,
  },
  {
    name: "revokes a token",
    run: (context) => oauth(context, "machine").tokenRevocation({ token: context.saved("token"), ...web }),
  },
  {
    name: "introspects the revoked token",
    run: (context) => oauth(context, "machine").tokenIntrospection({ token: context.saved("token") }),
  },
  {
    name: "revokes with a wrong secret",
    run: (context) =>
      oauth(context, "machine").tokenRevocation({ token: context.saved("token"), ...web, clientSecret: "wrong" }),
    fails: 401,
  },
  {
    name: "revokes without a client",
    run: (context) => oauth(context, "machine").tokenRevocation({ token: context.saved("token") }),
    fails: 400,
  },
  {
    name: "lists applications with the older library",
    run: (context) =>
      new ApplicationsApi(
        new Configuration({ basePath: context.emulator.issuer, accessToken: context.saved("machine") }),
      ).getApplications({ pageSize: 10 }),
  },
]
