/** The emulators, and the pages at which a person logs in there. */
import { startKinde, startOidc, startOry, startPolar } from "@latchkey/testing"
import { createAuth } from "latchkey"
import { startApplication } from "../application.ts"
import { loginPages } from "../login-application.ts"
import type { Person } from "../person.ts"
import { type AppAddress, type LoginVendor, type StartLoginVendor, variables } from "./vendor.ts"

const email = "ada@example.org"

/** The registration of the example, as in RFC 7591. */
export const registration = ({ redirectUri, home }: AppAddress) => ({
  client_id: "shop",
  client_secret: "secret",
  client_name: "Shop",
  redirect_uris: [redirectUri],
  post_logout_redirect_uris: [home],
  response_types: ["code"],
  grant_types: ["authorization_code", "refresh_token"],
  scope: "openid email offline_access",
})

const press = (title: string, button: string) => (person: Person) => person.press(title, button)
const noPages = async () => undefined

/** Kinde remembers the browser until it logs out there. */
export const kinde: StartLoginVendor = async ({ redirectUri, home }) => {
  const emulator = await startKinde({
    seed: {
      applications: [{ id: "shop", type: "reg", secret: "secret", redirectUris: [redirectUri], logoutUris: [home] }],
      users: [{ id: "ada", email }],
    },
  })
  return {
    env: { ...variables("kinde", [emulator.issuer]), LATCHKEY_ISSUER: emulator.issuer, LATCHKEY_AUDIENCE: "any" },
    faults: emulator.faults,
    user: email,
    allow: press("Sign in", "Sign in"),
    deny: press("Sign in", "Deny"),
    leave: noPages,
    [Symbol.asyncDispose]: emulator.close,
  }
}

const consent = "Authorize an application"

/** Polar has no logout, and remembers the consent. */
export const polar: StartLoginVendor = async (app) => {
  const { grant_types: _, post_logout_redirect_uris: __, ...client } = registration(app)
  const { apiUrl, authorizeUrl, close } = await startPolar({
    seed: { users: [{ email }], clients: [{ ...client, scope: "openid email" }] },
  })
  const env = variables("polar", [apiUrl, new URL(authorizeUrl).origin])
  return {
    env: { ...env, LATCHKEY_API_URL: apiUrl, LATCHKEY_AUTHORIZE_URL: authorizeUrl },
    user: email,
    allow: (person, again = false) => (again ? noPages() : person.press(consent, "Allow")),
    deny: press(consent, "Deny"),
    leave: noPages,
    [Symbol.asyncDispose]: close,
  }
}

/** The standard provider. */
export const oidc: StartLoginVendor = async (app) => {
  const { issuer, faults, close } = await startOidc({ clients: [registration(app)], users: { ada: { email } } })
  return {
    env: { ...variables("oidc", [issuer]), LATCHKEY_ISSUER: issuer },
    faults,
    user: email,
    allow: press(consent, "Allow"),
    deny: press(consent, "Deny"),
    leave: press("Sign out", "Sign out"),
    [Symbol.asyncDispose]: close,
  }
}

/** The addresses of a Hydra, real or emulated. */
export interface OryServer {
  readonly publicUrl: string
  readonly adminUrl: string
  readonly close: () => Promise<void>
}

/** The pages of a Hydra, which are the application's own. */
export interface OryPages {
  readonly login: string
  readonly consent: string
  readonly logout: string
}

/** A vendor whose pages are the application's own. */
export const oryVendor =
  (start: (pages: OryPages, app: AppAddress) => Promise<OryServer>): StartLoginVendor =>
  async (app): Promise<LoginVendor> => {
    // The pages need the addresses of the server, which needs the addresses of the pages.
    const pages = await startApplication(
      loginPages(
        () => auth.consent,
        () => server.adminUrl,
      ),
    )
    const { url } = pages
    const server = await start({ login: `${url}/login`, consent: `${url}/consent`, logout: `${url}/logout` }, app)
    const { publicUrl, adminUrl } = server
    const insecureOrigins = [publicUrl, adminUrl]
    const auth = createAuth({
      ...{ provider: "ory", publicUrl, adminUrl, insecureOrigins, clientId: "shop", clientSecret: "secret" },
    })
    return {
      env: { ...variables("ory", insecureOrigins), LATCHKEY_PUBLIC_URL: publicUrl, LATCHKEY_ADMIN_URL: adminUrl },
      user: "ada",
      allow: async (person) => {
        await person.read("Sign in")
        await person.fill("User", "ada")
        await person.fill("Password", "correct")
        await person.press("Sign in", "Sign in")
        await person.press("Agree", "Allow")
      },
      deny: press("Sign in", "Deny"),
      leave: press("Sign out", "Sign out"),
      [Symbol.asyncDispose]: async () => {
        await auth.close()
        await server.close()
        await pages[Symbol.asyncDispose]()
      },
    }
  }

export const ory: StartLoginVendor = oryVendor((urls, app) =>
  startOry({ urls, seed: { clients: [registration(app)] } }),
)
