/** What `@kinde/management-api-js` can be made to ask of the emulator. */
import { Applications, Callbacks, ConnectedApps, init, OpenAPI, setToken, Users } from "./kinde-management-api.ts"
import { callback, type KindeStep, manager, out, person } from "./kinde-sdk.ts"

const more = "https://app.example/more"
const nobody = "0a1b2c3d4e5f60718293a4b5c6d7e8ff"

export const managementSteps: ReadonlyArray<KindeStep> = [
  {
    name: "is set up",
    run: async ({ emulator }) => {
      setToken("")
      init({ kindeDomain: emulator.issuer, ...manager })
    },
  },
  {
    name: "lists a page of applications",
    run: async (world) => {
      const list = await Applications.getApplications({ pageSize: 2, sort: "name_asc" })
      world.keep("next", list.next_token)
      return list
    },
  },
  {
    name: "lists the next page",
    run: ({ kept }) => Applications.getApplications({ pageSize: 2, sort: "name_asc", nextToken: kept("next") }),
  },
  {
    name: "creates an application",
    run: async (world) => {
      const made = await Applications.createApplication({ requestBody: { name: "Made", type: "reg" } })
      world.keep("app", made.application?.id)
      return made
    },
  },
  { name: "gets it", run: ({ kept }) => Applications.getApplication({ applicationId: kept("app") }) },
  {
    name: "changes it",
    run: ({ kept }) =>
      Applications.updateApplication({
        applicationId: kept("app"),
        requestBody: { name: "Changed", login_uri: "https://app.example/login", is_ask_for_name: false },
      }),
  },
  {
    name: "sets how long its tokens live",
    run: ({ kept }) =>
      Applications.updateApplicationTokens({
        applicationId: kept("app"),
        requestBody: { access_token_lifetime: 600, refresh_token_lifetime: 1200 },
      }),
  },
  {
    name: "adds redirect URLs",
    run: ({ kept }) => Callbacks.addRedirectCallbackUrls({ appId: kept("app"), requestBody: { urls: [callback] } }),
  },
  {
    name: "replaces the redirect URLs",
    run: ({ kept }) =>
      Callbacks.replaceRedirectCallbackUrls({ appId: kept("app"), requestBody: { urls: [callback, more] } }),
  },
  {
    name: "removes a redirect URL",
    run: ({ kept }) => Callbacks.deleteCallbackUrls({ appId: kept("app"), urls: callback }),
  },
  { name: "reads the redirect URLs", run: ({ kept }) => Callbacks.getCallbackUrls({ appId: kept("app") }) },
  {
    name: "adds logout URLs",
    run: ({ kept }) => Callbacks.addLogoutRedirectUrls({ appId: kept("app"), requestBody: { urls: [out] } }),
  },
  {
    name: "replaces the logout URLs",
    run: ({ kept }) => Callbacks.replaceLogoutRedirectUrls({ appId: kept("app"), requestBody: { urls: [out, more] } }),
  },
  {
    name: "removes a logout URL",
    run: ({ kept }) => Callbacks.deleteLogoutUrls({ appId: kept("app"), urls: out }),
  },
  { name: "reads the logout URLs", run: ({ kept }) => Callbacks.getLogoutUrls({ appId: kept("app") }) },
  { name: "deletes it", run: ({ kept }) => Applications.deleteApplication({ applicationId: kept("app") }) },
  {
    name: "gets it when it is gone",
    run: ({ kept }) => Applications.getApplication({ applicationId: kept("app") }),
    fails: 400,
  },
  {
    name: "creates one without a name",
    run: () => Applications.createApplication({ requestBody: { name: "", type: "spa" } }),
    fails: 400,
  },
  {
    name: "changes one that nobody knows",
    run: () => Applications.updateApplication({ applicationId: nobody, requestBody: { name: "x" } }),
    fails: 400,
  },
  {
    name: "adds a URL that may not be one",
    run: () => Callbacks.addRedirectCallbackUrls({ appId: nobody, requestBody: { urls: ["http://app.example"] } }),
    fails: 400,
  },
  {
    name: "asks to connect an account",
    run: async (world) => {
      const session = await ConnectedApps.getConnectedAppAuthUrl({ keyCodeRef: "calendar", userId: person })
      world.keep("session", session.session_id)
      world.keep("connect", session.url)
      return session
    },
  },
  {
    name: "asks for the account's token too early",
    run: ({ kept }) => ConnectedApps.getConnectedAppToken({ sessionId: kept("session") }),
    fails: 400,
  },
  {
    name: "gets the account's token",
    run: async ({ browser, emulator, kept }) => {
      await browser.go(kept("connect"), [emulator.issuer])
      return ConnectedApps.getConnectedAppToken({ sessionId: kept("session") })
    },
  },
  {
    name: "lets the account go",
    run: ({ kept }) => ConnectedApps.revokeConnectedAppToken({ sessionId: kept("session") }),
  },
  {
    name: "connects an account of an app that nobody knows",
    run: () => ConnectedApps.getConnectedAppAuthUrl({ keyCodeRef: "nothing", orgCode: "org_1" }),
    fails: 404,
  },
  {
    name: "lists applications with a bad token",
    run: async () => {
      const token = OpenAPI.TOKEN
      OpenAPI.TOKEN = "nonsense"
      return Applications.getApplications({}).finally(() => {
        OpenAPI.TOKEN = token
      })
    },
    fails: 403,
  },
  { name: "lists users, which no emulator has", run: () => Users.getUsers({}), fails: 404 },
]
