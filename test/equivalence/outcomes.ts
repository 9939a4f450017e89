/** What each vendor makes of the same mistakes and mishaps, as facts. */
import { makeBrowser } from "latchkey/emulator"
import { logIn } from "./answers.ts"
import { redirectUri } from "./facts.ts"
import type { Vendor } from "./vendors.ts"
import { type Facts, outcomeOf } from "./words.ts"

type Case = readonly [name: string, call: (vendor: Vendor) => Promise<unknown>]

const live = { freshness: "live" } as const
const html = { kind: "html" } as const

/** A callback with what the test changes in it. */
const comeBack = async ({ auth, signIn }: Vendor, change: (back: URL) => void, refuses = false) => {
  const { url, transaction } = await auth.authorize({})
  const back = new URL(await signIn(url, refuses))
  change(back)
  return { back, transaction }
}

const refreshToken = async (vendor: Vendor): Promise<string> => (await logIn(vendor, true)).refreshToken ?? ""

const introspected = async (vendor: Vendor, fault: Parameters<Vendor["fault"]>[0]) => {
  const { accessToken } = await logIn(vendor)
  vendor.fault(fault)
  return vendor.auth.introspect(accessToken, live)
}

const issuing: ReadonlyArray<Case> = [
  [
    "exchange: a code used twice",
    async (vendor) => {
      const { back, transaction } = await comeBack(vendor, () => undefined)
      await vendor.auth.exchange(back, transaction)
      return vendor.auth.exchange(back, transaction)
    },
  ],
  [
    "exchange: an invented code",
    async (vendor) => {
      const { back, transaction } = await comeBack(vendor, (url) => url.searchParams.set("code", "invented"))
      return vendor.auth.exchange(back, transaction)
    },
  ],
  [
    "exchange: another verifier",
    async (vendor) => {
      const { back, transaction } = await comeBack(vendor, () => undefined)
      return vendor.auth.exchange(back, { ...transaction, verifier: "v".repeat(64) })
    },
  ],
  [
    "exchange: another state",
    async (vendor) => {
      const { back, transaction } = await comeBack(vendor, (url) => url.searchParams.set("state", "another"))
      return vendor.auth.exchange(back, transaction)
    },
  ],
  [
    "exchange: another issuer in the redirect",
    async (vendor) => {
      const { back, transaction } = await comeBack(vendor, (url) => url.searchParams.set("iss", "https://other.example"))
      return vendor.auth.exchange(back, transaction)
    },
  ],
  [
    "exchange: the user refused",
    async (vendor) => {
      const { back, transaction } = await comeBack(vendor, () => undefined, true)
      return vendor.auth.exchange(back, transaction)
    },
  ],
  [
    "exchange: nobody is logged in, with prompt none",
    async ({ auth, signIn }) => {
      const { url, transaction } = await auth.authorize({ prompt: "none" })
      return auth.exchange(await signIn(url, false, makeBrowser()), transaction)
    },
  ],
  ["authorize: an unknown parameter", ({ auth }) => auth.authorize({ extra: { invented: "1" } })],
  ["authorize: a login hint", ({ auth }) => auth.authorize({ loginHint: "alice@example.org" })],
  ["refresh: an invented token", ({ auth }) => auth.refresh("invented")],
  [
    "refresh: a token used before",
    async (vendor) => {
      const token = await refreshToken(vendor)
      await vendor.auth.refresh(token)
      return vendor.auth.refresh(token)
    },
  ],
  [
    "refresh: a revoked token",
    async (vendor) => {
      const token = await refreshToken(vendor)
      await vendor.auth.revoke(token)
      return vendor.auth.refresh(token)
    },
  ],
  ["refresh: another client's token", async (vendor) => vendor.stranger.refresh(await refreshToken(vendor))],
  ["refresh: a wrong secret", async (vendor) => vendor.mistaken.refresh(await refreshToken(vendor))],
  [
    "refresh: with fewer scopes",
    async (vendor) => vendor.auth.refresh(await refreshToken(vendor), { scopes: ["openid"] }),
  ],
]

const tokens: ReadonlyArray<Case> = [
  ["introspect: an invented token", ({ auth }) => auth.introspect("invented", live)],
  ["introspect: the empty string", ({ auth }) => auth.introspect("", live)],
  ["introspect: a refresh token", async (vendor) => vendor.auth.introspect(await refreshToken(vendor), live)],
  [
    "introspect: a refresh token, where one is expected",
    async (vendor) => vendor.auth.introspect(await refreshToken(vendor), { ...live, expect: "refresh_token" }),
  ],
  ["introspect: an ID token", async (vendor) => vendor.auth.introspect((await logIn(vendor)).idToken ?? "", live)],
  [
    "introspect: a revoked token",
    async (vendor) => {
      const { accessToken } = await logIn(vendor)
      await vendor.auth.revoke(accessToken)
      return vendor.auth.introspect(accessToken, live)
    },
  ],
  [
    "introspect: an access token whose refresh token was revoked",
    async (vendor) => {
      const { accessToken, refreshToken: other = "" } = await logIn(vendor, true)
      await vendor.auth.revoke(other)
      return vendor.auth.introspect(accessToken, live)
    },
  ],
  [
    "introspect: an access token whose refresh token was used",
    async (vendor) => {
      const { accessToken, refreshToken: other = "" } = await logIn(vendor, true)
      await vendor.auth.refresh(other)
      return vendor.auth.introspect(accessToken, live)
    },
  ],
  [
    "introspect: another client's token",
    async (vendor) => vendor.stranger.introspect((await logIn(vendor)).accessToken, live),
  ],
  ["introspect: a wrong secret", async (vendor) => vendor.mistaken.introspect((await logIn(vendor)).accessToken, live)],
  ["introspect: throttled", (vendor) => introspected(vendor, { kind: "status", status: 429, headers: { "retry-after": "7" } })],
  ["introspect: 503", (vendor) => introspected(vendor, { kind: "status", status: 503 })],
  ["introspect: a page of HTML", (vendor) => introspected(vendor, html)],
  ["introspect: a broken connection", (vendor) => introspected(vendor, { kind: "reset" })],
  ["introspect: a redirect", (vendor) => introspected(vendor, { kind: "redirect", location: "https://other.example" })],
  ["userInfo: an invented token", ({ auth }) => auth.userInfo("invented")],
  ["userInfo: another user than expected", async (vendor) => vendor.auth.userInfo((await logIn(vendor)).accessToken, { expectedSubject: "another" })],
  ["revoke: an invented token", ({ auth }) => auth.revoke("invented")],
  ["revoke: another client's token", async (vendor) => vendor.stranger.revoke((await logIn(vendor)).accessToken)],
  [
    "introspect: a token that another client revoked",
    async (vendor) => {
      const { accessToken } = await logIn(vendor)
      await vendor.stranger.revoke(accessToken).catch(() => undefined)
      return vendor.auth.introspect(accessToken, live)
    },
  ],
  ["revoke: a wrong secret", async (vendor) => vendor.mistaken.revoke((await logIn(vendor)).accessToken)],
]

const management: ReadonlyArray<Case> = [
  ["clients.get: an unknown id", ({ auth }) => auth.clients.get("0a1b2c3d4e5f60718293a4b5c6d7e8ff")],
  [
    "clients.get: a client that was removed",
    async ({ auth, record }) => {
      const made = await auth.clients.create(record)
      await auth.clients.remove(made)
      return auth.clients.get(made)
    },
  ],
  [
    "clients.create: a redirect URI that may not be",
    ({ auth, record }) => auth.clients.create({ ...record, redirectUris: [`${redirectUri}#fragment`] }),
  ],
  ["clients.create: a member that no vendor documents", ({ auth, record }) => auth.clients.create({ ...record, extra: { invented: 1 } })],
  [
    "clients.patch: a name that is cleared",
    async ({ auth, record }) => {
      const made = await auth.clients.create(record)
      return auth.clients.patch({ client: made, changes: { name: null } })
    },
  ],
]

/** The last: it leaves the clock where the first tokens are old. */
const expiry: ReadonlyArray<Case> = [
  [
    "introspect: an expired token",
    async (vendor) => {
      const { accessToken } = await logIn(vendor)
      vendor.later(7200)
      return vendor.auth.introspect(accessToken, live)
    },
  ],
]

/** How every case ends. */
export const outcomes = async (vendor: Vendor): Promise<Facts> => {
  const found: Record<string, string> = {}
  for (const [name, call] of [...issuing, ...tokens, ...management, ...expiry])
    found[name] = await outcomeOf(call(vendor))
  return found
}
