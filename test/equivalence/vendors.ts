/** The facts, planted in each of the three emulators, and one interface to ask about them. */
import { type AnyAuth, createAuth, type NewClient } from "latchkey"
import { type Browser, type Fault, makeBrowser, startKinde, startOry, startPolar } from "@latchkey/testing"
import { throughScreens } from "../../demo/login-screens.ts"
import { policiesOff } from "../policies-off.ts"
import { client, grantTypes, lifetime, record, redirectUri, scopes, stranger, user } from "./facts.ts"

export type VendorId = "kinde" | "ory" | "polar"

export interface Vendor {
  readonly id: VendorId
  /** The client that the facts speak of. */
  readonly auth: AnyAuth
  /** The same server, asked by its other client. */
  readonly stranger: AnyAuth
  /** The same server, with a wrong secret. */
  readonly mistaken: AnyAuth
  /** The first client once more, with nothing remembered. */
  readonly fresh: AnyAuth
  readonly issuer: string
  /** Sends a browser to a URL and answers where it comes back to. */
  readonly signIn: (url: string, refuses?: boolean, browser?: Browser) => Promise<string>
  /** The record in what this vendor wants of it. */
  readonly record: NewClient
  /** Sets the server's clock forward. */
  readonly later: (seconds: number) => void
  /** Lets the next introspection go wrong. */
  readonly fault: (fault: Fault) => void
  readonly close: () => Promise<void>
}

/** What one client is configured with; each of its calls is one request. */
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

/** The providers of one server. */
const faces = (open: (credentials: Credentials) => AnyAuth) => {
  const auth = open(as(client))
  const other = open(as(stranger))
  const mistaken = open(as({ ...client, secret: "wrong" }))
  const fresh = open(as(client))
  const close = async () => {
    for (const each of [auth, other, mistaken, fresh]) await each.close()
  }
  return { auth, stranger: other, mistaken, fresh, close }
}

const clock = () => {
  let at = Math.floor(Date.now() / 1000) * 1000
  return {
    now: () => at,
    later: (seconds: number) => {
      at += seconds * 1000
    },
  }
}

const registered = ({ id, secret }: typeof client) => ({
  ...{ client_id: id, client_secret: secret, client_name: "shop", redirect_uris: [redirectUri] },
  ...{ grant_types: grantTypes, response_types: ["code"], token_endpoint_auth_method: "client_secret_post" },
})

const ory = async (): Promise<Vendor> => {
  const { now, later } = clock()
  const clients = [client, stranger].map((each) => ({ ...registered(each), scope: "openid email offline_access" }))
  const emulator = await startOry({ now, lifespans: { accessToken: lifetime }, seed: { clients } })
  const { publicUrl, adminUrl, issuer } = emulator
  const insecure = [publicUrl, adminUrl]
  const opened = faces((credentials) => createAuth({ provider: "ory", publicUrl, adminUrl, insecure, ...credentials }))
  const person = { subject: user.id, claims: { email: user.email, email_verified: true } }
  return {
    ...opened,
    ...{ id: "ory", issuer, later, record: { ...record, scopes } },
    signIn: (url, refuses = false, browser = makeBrowser()) =>
      throughScreens(opened.auth.consent, browser, url, publicUrl, { ...person, refuses }),
    fault: (fault) => emulator.faults.add({ path: /introspect/, fault }),
    close: async () => {
      await opened.close()
      await emulator.close()
    },
  }
}

const kinde = async (): Promise<Vendor> => {
  const { now, later } = clock()
  const management = { clientId: "0a1b2c3d4e5f60718293a4b5c6d7e8f0", clientSecret: "management secret" }
  const own = { type: "reg", name: "shop", redirectUris: [redirectUri], grantTypes } as const
  const emulator = await startKinde({
    now,
    lifespans: { accessToken: lifetime },
    seed: {
      applications: [
        { id: management.clientId, type: "m2m", secret: management.clientSecret, management: true },
        ...[client, stranger].map((each) => ({ ...own, ...each })),
      ],
      users: [{ id: user.id, email: user.email, emailVerified: true }],
    },
  })
  const { issuer } = emulator
  const opened = faces((credentials) =>
    createAuth({ provider: "kinde", issuer, management, audience: "any", insecure: [issuer], ...credentials }),
  )
  return {
    ...opened,
    ...{ id: "kinde", issuer, later, record },
    signIn: (url, refuses = false, browser = makeBrowser()) => browser.go(hinted(url, refuses), [issuer]),
    fault: (fault) => emulator.faults.add({ path: /introspect/, fault }),
    close: async () => {
      await opened.close()
      await emulator.close()
    },
  }
}

const polar = async (): Promise<Vendor> => {
  const { now, later } = clock()
  const clients = [client, stranger].map((each) => ({ ...registered(each), scope: "openid email" }) as const)
  const emulator = await startPolar({
    now,
    lifespans: { accessToken: lifetime, refreshedAccessToken: lifetime },
    seed: {
      clients: clients.map((each) => ({ ...each, token_endpoint_auth_method: "client_secret_post" })),
      users: [user],
    },
  })
  const { apiUrl, authorizeUrl, issuer } = emulator
  const insecure = [apiUrl, new URL(authorizeUrl).origin]
  const opened = faces((credentials) =>
    createAuth({ provider: "polar", apiUrl, authorizeUrl, insecure, ...credentials }),
  )
  return {
    ...opened,
    ...{ id: "polar", issuer, later, record: { ...record, scopes } },
    signIn: (url, refuses = false, browser = makeBrowser()) => browser.go(hinted(url, refuses), insecure),
    fault: (fault) => emulator.faults.add({ path: /introspect/, fault }),
    close: async () => {
      await opened.close()
      await emulator.close()
    },
  }
}

/** The pages of these emulators let a hint say who sits at the browser, and whether he agrees. */
const hinted = (url: string, refuses: boolean): string => {
  const own = new URL(url)
  if (refuses) own.searchParams.set("login_hint", "refuses")
  return own.href
}

/** Starts all three. */
export const startVendors = (): Promise<ReadonlyArray<Vendor>> => Promise.all([kinde(), ory(), polar()])
