/** What `@kinde-oss/kinde-typescript-sdk` can be made to ask of the emulator. */
import {
  ApplicationsApi,
  Configuration,
  createKindeServerClient,
  GrantType,
  OAuthApi,
  type SessionManager,
} from "@kinde-oss/kinde-typescript-sdk"
import { api, callback, type KindeStep, type KindeWorld, manager, out, page, person, web } from "./kinde-sdk.ts"

/** A browser's session, as the library wants to keep it. */
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

const at = ({ emulator }: KindeWorld) => ({
  authDomain: emulator.issuer,
  redirectURL: callback,
  logoutRedirectURL: out,
})
const webOf = (world: KindeWorld) =>
  createKindeServerClient(GrantType.AUTHORIZATION_CODE, { ...at(world), ...web, audience: api })
const pageOf = (world: KindeWorld) => createKindeServerClient(GrantType.PKCE, { ...at(world), ...page })

const oauth = (world: KindeWorld, token: string) =>
  new OAuthApi(new Configuration({ basePath: world.emulator.issuer, accessToken: world.kept(token) }))

const visit = async ({ browser, emulator }: KindeWorld, url: URL) => {
  url.searchParams.set("login_hint", person)
  return new URL(await browser.go(url.href, [emulator.issuer]))
}

export const userSteps: ReadonlyArray<KindeStep> = [
  {
    name: "logs a user in with a secret",
    run: async (world) => {
      const client = webOf(world)
      await client.handleRedirectToApp(ofWeb, await visit(world, await client.login(ofWeb)))
      world.keep("token", await client.getToken(ofWeb))
      return client.isAuthenticated(ofWeb)
    },
  },
  { name: "reads the ID token's user", run: (world) => webOf(world).getUser(ofWeb) },
  { name: "reads the user's profile", run: (world) => webOf(world).getUserProfile(ofWeb) },
  { name: "reads a claim of the access token", run: (world) => webOf(world).getClaimValue(ofWeb, "aud") },
  { name: "reads a permission", run: (world) => webOf(world).getPermission(ofWeb, "orders:read") },
  {
    name: "refreshes",
    run: async (world) => {
      const tokens = await webOf(world).refreshTokens(ofWeb)
      world.keep("token", tokens.access_token)
      return Object.keys(tokens).sort()
    },
  },
  {
    name: "logs a user in without a secret",
    run: async (world) => {
      const client = pageOf(world)
      await client.handleRedirectToApp(ofPage, await visit(world, await client.register(ofPage)))
      return client.isAuthenticated(ofPage)
    },
  },
  {
    name: "logs the user out",
    run: async (world) => {
      const url = await pageOf(world).logout(ofPage)
      return world.browser.go(url.href, [world.emulator.issuer])
    },
  },
  {
    name: "gets a token for a machine",
    run: async (world) => {
      const audience = `${world.emulator.apiHost}/api`
      const client = createKindeServerClient(GrantType.CLIENT_CREDENTIALS, { ...at(world), ...manager, audience })
      world.keep("machine", await client.getToken(ofMachine))
      return client.isAuthenticated(ofMachine)
    },
  },
  {
    name: "gets a token for an API that the machine may not use",
    run: (world) =>
      createKindeServerClient(GrantType.CLIENT_CREDENTIALS, {
        ...at(world),
        ...manager,
        audience: "https://else.example",
      }).getToken(ofApp),
    fails: 0,
  },
  { name: "reads the profile of the second version", run: (world) => oauth(world, "token").getUserProfileV2() },
  { name: "reads the profile of the first version", run: (world) => oauth(world, "token").getUser() },
  { name: "reads the profile of a machine", run: (world) => oauth(world, "machine").getUserProfileV2(), fails: 403 },
  {
    name: "introspects a token",
    run: (world) => oauth(world, "machine").tokenIntrospection({ token: world.kept("token") }),
  },
  {
    name: "introspects a token with itself",
    run: (world) => oauth(world, "token").tokenIntrospection({ token: world.kept("token") }),
    fails: 401,
  },
  {
    name: "revokes a token",
    run: (world) => oauth(world, "machine").tokenRevocation({ token: world.kept("token"), ...web }),
  },
  {
    name: "introspects the revoked token",
    run: (world) => oauth(world, "machine").tokenIntrospection({ token: world.kept("token") }),
  },
  {
    name: "revokes with a wrong secret",
    run: (world) =>
      oauth(world, "machine").tokenRevocation({ token: world.kept("token"), ...web, clientSecret: "wrong" }),
    fails: 401,
  },
  {
    name: "revokes for no client",
    run: (world) => oauth(world, "machine").tokenRevocation({ token: world.kept("token") }),
    fails: 400,
  },
  {
    name: "lists applications with the older description",
    run: (world) =>
      new ApplicationsApi(
        new Configuration({ basePath: world.emulator.issuer, accessToken: world.kept("machine") }),
      ).getApplications({ pageSize: 10 }),
  },
]
