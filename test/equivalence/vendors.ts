/** Starts the three emulators with the same data, and opens providers for each. */

import { type Browser, type Fault, makeBrowser, startKinde, startOry, startPolar } from "@latchkey/testing"
import { type AnyAuth, createAuth, type NewClient } from "latchkey"
import { throughScreens } from "../../demo/login-screens.ts"
import { policiesOff } from "../policies-off.ts"
import { client, grantTypes, lifetime, otherClient, record, redirectUri, scopes, user } from "./fixture.ts"

export type VendorId = "kinde" | "ory" | "polar"

export interface Vendor {
  readonly id: VendorId
  /** The provider of the seeded client. */
  readonly auth: AnyAuth
  /** A provider of the other client of the same server. */
  readonly otherClient: AnyAuth
  /** A provider of the seeded client with a wrong secret. */
  readonly wrongSecret: AnyAuth
  /** A second provider of the seeded client, with empty caches. */
  readonly fresh: AnyAuth
  readonly issuer: string
  /** Sends a browser to a URL and gives the callback URL. */
  readonly signIn: (url: string, denies?: boolean, browser?: Browser) => Promise<string>
  /** The client record with the members that this vendor requires. */
  readonly record: NewClient
  /** Moves the server's clock forward. */
  readonly advance: (seconds: number) => void
  /** Makes the next introspection fail. */
  readonly fault: (fault: Fault) => void
  readonly close: () => Promise<void>
}

/** The configuration of one client, without policies. */
type Credentials = typeof policiesOff & {
  readonly clientId: string
  readonly clientSecret: string
  readonly clientAuth: "client_secret_post"
  readonly redirectUri: string
  readonly scopes: ReadonlyArray<string>
}

const as = ({ id, secret }: { readonly id: string; readonly secret: string }): Credentials => ({
  ...{ ...policiesOff, clientId: id, clientSecret: secret, clientAuth: "client_secret_post", redirectUri, scopes },
})

/** Opens the providers of one server. */
const openProviders = (open: (credentials: Credentials) => AnyAuth) => {
  const auth = open(as(client))
  const other = open(as(otherClient))
  const wrongSecret = open(as({ ...client, secret: "wrong" }))
  const fresh = open(as(client))
  const close = async () => {
    for (const each of [auth, other, wrongSecret, fresh]) await each.close()
  }
  return { auth, otherClient: other, wrongSecret, fresh, close }
}

const clock = () => {
  let at = Math.floor(Date.now() / 1000) * 1000
  return {
    now: () => at,
    advance: (seconds: number) => {
      at += seconds * 1000
    },
  }
}

const registered = ({ id, secret }: typeof client) => ({
  ...{ client_id: id, client_secret: secret, client_name: "shop", redirect_uris: [redirectUri] },
  ...{ grant_types: grantTypes, response_types: ["code"], token_endpoint_auth_method: "client_secret_post" },
})

const ory = async (): Promise<Vendor> => {
  const { now, advance } = clock()
  const clients = [client, otherClient].map((each) => ({ ...registered(each), scope: "openid email offline_access" }))
  const emulator = await startOry({ now, lifespans: { accessToken: `${lifetime} seconds` }, seed: { clients } })
  const { publicUrl, adminUrl, issuer } = emulator
  const insecureOrigins = [publicUrl, adminUrl]
  const providers = openProviders((credentials) =>
    createAuth({ provider: "ory", publicUrl, adminUrl, insecureOrigins, ...credentials }),
  )
  const person = { subject: user.id, claims: { email: user.email, email_verified: true } }
  return {
    ...providers,
    ...{ id: "ory", issuer, advance, record: { ...record, scopes } },
    signIn: (url, denies = false, browser = makeBrowser()) =>
      throughScreens(providers.auth.consent, browser, url, publicUrl, { ...person, refuses: denies }),
    fault: (fault) => emulator.faults.add({ path: /introspect/, fault }),
    close: async () => {
      await providers.close()
      await emulator.close()
    },
  }
}

const kinde = async (): Promise<Vendor> => {
  const { now, advance } = clock()
  const management = { clientId: "0a1b2c3d4e5f60718293a4b5c6d7e8f0", clientSecret: "management secret" }
  const own = { type: "reg", name: "shop", redirectUris: [redirectUri], grantTypes } as const
  const emulator = await startKinde({
    now,
    lifespans: { accessToken: `${lifetime} seconds` },
    seed: {
      applications: [
        { id: management.clientId, type: "m2m", secret: management.clientSecret, management: true },
        ...[client, otherClient].map((each) => ({ ...own, ...each })),
      ],
      users: [{ id: user.id, email: user.email, emailVerified: true }],
    },
  })
  const { issuer } = emulator
  const providers = openProviders((credentials) =>
    createAuth({ provider: "kinde", issuer, management, audience: "any", insecureOrigins: [issuer], ...credentials }),
  )
  return {
    ...providers,
    ...{ id: "kinde", issuer, advance, record },
    signIn: (url, denies = false, browser = makeBrowser()) => browser.go(withHint(url, denies), [issuer]),
    fault: (fault) => emulator.faults.add({ path: /introspect/, fault }),
    close: async () => {
      await providers.close()
      await emulator.close()
    },
  }
}

const polar = async (): Promise<Vendor> => {
  const { now, advance } = clock()
  const clients = [client, otherClient].map((each) => ({ ...registered(each), scope: "openid email" }) as const)
  const emulator = await startPolar({
    now,
    lifespans: { accessToken: `${lifetime} seconds`, refreshedAccessToken: `${lifetime} seconds` },
    seed: {
      clients: clients.map((each) => ({ ...each, token_endpoint_auth_method: "client_secret_post" })),
      users: [user],
    },
  })
  const { apiUrl, authorizeUrl, issuer } = emulator
  const insecureOrigins = [apiUrl, new URL(authorizeUrl).origin]
  const providers = openProviders((credentials) =>
    createAuth({ provider: "polar", apiUrl, authorizeUrl, insecureOrigins, ...credentials }),
  )
  return {
    ...providers,
    ...{ id: "polar", issuer, advance, record: { ...record, scopes } },
    signIn: (url, denies = false, browser = makeBrowser()) => browser.go(withHint(url, denies), insecureOrigins),
    fault: (fault) => emulator.faults.add({ path: /introspect/, fault }),
    close: async () => {
      await providers.close()
      await emulator.close()
    },
  }
}

/** Adds the login hint that makes these emulators deny access. */
const withHint = (url: string, denies: boolean): string => {
  const own = new URL(url)
  if (denies) own.searchParams.set("login_hint", "refuses")
  return own.href
}

/** Starts the three emulators. */
export const startVendors = (): Promise<ReadonlyArray<Vendor>> => Promise.all([kinde(), ory(), polar()])
