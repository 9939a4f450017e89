/** The requests that `@kinde/management-api-js` can send to the emulator. */
import { Applications, Callbacks, ConnectedApps, init, OpenAPI, setToken, Users } from "./kinde-management-api.ts"
import { afterLogout, callback, type KindeStep, manager, person } from "./kinde-sdk.ts"

const otherUrl = "https://app.example/more"
const unknownId = "0a1b2c3d4e5f60718293a4b5c6d7e8ff"

export const managementSteps: ReadonlyArray<KindeStep> = [
  {
    name: "is configured",
    run: async ({ emulator }) => {
      setToken("")
      init({ kindeDomain: emulator.issuer, ...manager })
    },
  },
  {
    name: "lists a page of applications",
    run: async (context) => {
      const list = await Applications.getApplications({ pageSize: 2, sort: "name_asc" })
      context.save("next", list.next_token)
      return list
    },
  },
  {
    name: "lists the next page",
    run: ({ saved }) => Applications.getApplications({ pageSize: 2, sort: "name_asc", nextToken: saved("next") }),
  },
  {
    name: "creates an application",
    run: async (context) => {
      const created = await Applications.createApplication({ requestBody: { name: "Made", type: "reg" } })
      context.save("app", created.application?.id)
      return created
    },
  },
  { name: "reads an application", run: ({ saved }) => Applications.getApplication({ applicationId: saved("app") }) },
  {
    name: "changes an application",
    run: ({ saved }) =>
      Applications.updateApplication({
        applicationId: saved("app"),
        requestBody: { name: "Changed", login_uri: "https://app.example/login", is_ask_for_name: false },
      }),
  },
  {
    name: "sets token lifetimes",
    run: ({ saved }) =>
      Applications.updateApplicationTokens({
        applicationId: saved("app"),
        requestBody: { access_token_lifetime: 600, refresh_token_lifetime: 1200 },
      }),
  },
  {
    name: "adds redirect URLs",
    run: ({ saved }) => Callbacks.addRedirectCallbackUrls({ appId: saved("app"), requestBody: { urls: [callback] } }),
  },
  {
    name: "replaces the redirect URLs",
    run: ({ saved }) =>
      Callbacks.replaceRedirectCallbackUrls({ appId: saved("app"), requestBody: { urls: [callback, otherUrl] } }),
  },
  {
    name: "removes a redirect URL",
    run: ({ saved }) => Callbacks.deleteCallbackUrls({ appId: saved("app"), urls: callback }),
  },
  { name: "reads the redirect URLs", run: ({ saved }) => Callbacks.getCallbackUrls({ appId: saved("app") }) },
  {
    name: "adds logout URLs",
    run: ({ saved }) => Callbacks.addLogoutRedirectUrls({ appId: saved("app"), requestBody: { urls: [afterLogout] } }),
  },
  {
    name: "replaces the logout URLs",
    run: ({ saved }) =>
      Callbacks.replaceLogoutRedirectUrls({ appId: saved("app"), requestBody: { urls: [afterLogout, otherUrl] } }),
  },
  {
    name: "removes a logout URL",
    run: ({ saved }) => Callbacks.deleteLogoutUrls({ appId: saved("app"), urls: afterLogout }),
  },
  { name: "reads the logout URLs", run: ({ saved }) => Callbacks.getLogoutUrls({ appId: saved("app") }) },
  {
    name: "deletes an application",
    run: ({ saved }) => Applications.deleteApplication({ applicationId: saved("app") }),
  },
  {
    name: "reads a deleted application",
    run: ({ saved }) => Applications.getApplication({ applicationId: saved("app") }),
    fails: 400,
  },
  {
    name: "creates an application without a name",
    run: () => Applications.createApplication({ requestBody: { name: "", type: "spa" } }),
    fails: 400,
  },
  {
    name: "changes an unknown application",
    run: () => Applications.updateApplication({ applicationId: unknownId, requestBody: { name: "x" } }),
    fails: 400,
  },
  {
    name: "adds a redirect URL without TLS",
    run: () => Callbacks.addRedirectCallbackUrls({ appId: unknownId, requestBody: { urls: ["http://app.example"] } }),
    fails: 400,
  },
  {
    name: "starts to connect an account",
    run: async (context) => {
      const session = await ConnectedApps.getConnectedAppAuthUrl({ keyCodeRef: "calendar", userId: person })
      context.save("session", session.session_id)
      context.save("connect", session.url)
      return session
    },
  },
  {
    name: "requests the account's token too early",
    run: ({ saved }) => ConnectedApps.getConnectedAppToken({ sessionId: saved("session") }),
    fails: 400,
  },
  {
    name: "gets the account's token",
    run: async ({ browser, emulator, saved }) => {
      await browser.go(saved("connect"), [emulator.issuer])
      return ConnectedApps.getConnectedAppToken({ sessionId: saved("session") })
    },
  },
  {
    name: "revokes the account's token",
    run: ({ saved }) => ConnectedApps.revokeConnectedAppToken({ sessionId: saved("session") }),
  },
  {
    name: "connects an account of an unknown app",
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
  { name: "lists users, which the emulator does not support", run: () => Users.getUsers({}), fails: 404 },
]
