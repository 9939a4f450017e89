/** What may go wrong while tokens are issued. */
import { makeBrowser } from "@latchkey/testing"
import { logIn } from "./answers.ts"
import type { Vendor } from "./vendors.ts"

/** Something that is asked of every vendor. */
export type Case = readonly [name: string, call: (vendor: Vendor) => Promise<unknown>]

/** A callback with what the test changes in it. */
const comeBack = async ({ auth, signIn }: Vendor, change: (back: URL) => void, refuses = false) => {
  const { url, transaction } = await auth.authorize({})
  const back = new URL(await signIn(url, refuses))
  change(back)
  return { back, transaction }
}

/** The refresh token of a user who logged in. */
export const refreshToken = async (vendor: Vendor): Promise<string> => (await logIn(vendor, true)).refreshToken ?? ""

export const issuingCases: ReadonlyArray<Case> = [
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
      const { back, transaction } = await comeBack(vendor, (url) =>
        url.searchParams.set("iss", "https://other.example"),
      )
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
