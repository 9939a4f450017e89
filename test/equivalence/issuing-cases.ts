/** Calls that issue tokens, most of them invalid. */
import { makeBrowser } from "@latchkey/testing"
import { logIn } from "./results.ts"
import type { Vendor } from "./vendors.ts"

/** A call that every vendor gets. */
export type Case = readonly [name: string, call: (vendor: Vendor) => Promise<unknown>]

/** Logs a user in and gives the changed callback URL with the transaction. */
const changedCallback = async ({ auth, signIn }: Vendor, change: (callback: URL) => void, denies = false) => {
  const { url, transaction } = await auth.authorize({})
  const callback = new URL(await signIn(url, denies))
  change(callback)
  return { callback, transaction }
}

/** Logs a user in and gives the refresh token. */
export const refreshToken = async (vendor: Vendor): Promise<string> => (await logIn(vendor, true)).refreshToken ?? ""

export const issuingCases: ReadonlyArray<Case> = [
  [
    "exchange: a code used twice",
    async (vendor) => {
      const { callback, transaction } = await changedCallback(vendor, () => undefined)
      await vendor.auth.exchange(callback, transaction)
      return vendor.auth.exchange(callback, transaction)
    },
  ],
  [
    "exchange: an invented code",
    async (vendor) => {
      const { callback, transaction } = await changedCallback(vendor, (url) => url.searchParams.set("code", "invented"))
      return vendor.auth.exchange(callback, transaction)
    },
  ],
  [
    "exchange: another verifier",
    async (vendor) => {
      const { callback, transaction } = await changedCallback(vendor, () => undefined)
      return vendor.auth.exchange(callback, { ...transaction, verifier: "v".repeat(64) })
    },
  ],
  [
    "exchange: another state",
    async (vendor) => {
      const { callback, transaction } = await changedCallback(vendor, (url) => url.searchParams.set("state", "another"))
      return vendor.auth.exchange(callback, transaction)
    },
  ],
  [
    "exchange: another issuer in the redirect",
    async (vendor) => {
      const { callback, transaction } = await changedCallback(vendor, (url) =>
        url.searchParams.set("iss", "https://other.example"),
      )
      return vendor.auth.exchange(callback, transaction)
    },
  ],
  [
    "exchange: the user denied access",
    async (vendor) => {
      const { callback, transaction } = await changedCallback(vendor, () => undefined, true)
      return vendor.auth.exchange(callback, transaction)
    },
  ],
  [
    "exchange: no user is logged in, with prompt none",
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
  ["refresh: another client's token", async (vendor) => vendor.otherClient.refresh(await refreshToken(vendor))],
  ["refresh: a wrong client secret", async (vendor) => vendor.wrongSecret.refresh(await refreshToken(vendor))],
  [
    "refresh: with fewer scopes",
    async (vendor) => vendor.auth.refresh(await refreshToken(vendor), { scopes: ["openid"] }),
  ],
]
