/** Calls that introspect, read or revoke tokens, most of them invalid. */

import { type Case, refreshToken } from "./issuing-cases.ts"
import { logIn } from "./results.ts"
import type { Vendor } from "./vendors.ts"

const live = { freshness: "live" } as const

const introspected = async (vendor: Vendor, fault: Parameters<Vendor["fault"]>[0]) => {
  const { accessToken } = await logIn(vendor)
  vendor.fault(fault)
  return vendor.auth.introspect(accessToken, live)
}

export const tokenCases: ReadonlyArray<Case> = [
  ["introspect: an invented token", ({ auth }) => auth.introspect("invented", live)],
  ["introspect: the empty string", ({ auth }) => auth.introspect("", live)],
  ["introspect: a refresh token", async (vendor) => vendor.auth.introspect(await refreshToken(vendor), live)],
  [
    'introspect: a refresh token, with `expect: "refresh_token"`',
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
    async (vendor) => vendor.otherClient.introspect((await logIn(vendor)).accessToken, live),
  ],
  [
    "introspect: a wrong client secret",
    async (vendor) => vendor.wrongSecret.introspect((await logIn(vendor)).accessToken, live),
  ],
  [
    "introspect: throttled",
    (vendor) => introspected(vendor, { kind: "status", status: 429, headers: { "retry-after": "7" } }),
  ],
  ["introspect: 503", (vendor) => introspected(vendor, { kind: "status", status: 503 })],
  ["introspect: a page of HTML", (vendor) => introspected(vendor, { kind: "html" })],
  ["introspect: a broken connection", (vendor) => introspected(vendor, { kind: "reset" })],
  ["introspect: a redirect", (vendor) => introspected(vendor, { kind: "redirect", location: "https://other.example" })],
  ["userInfo: an invented token", ({ auth }) => auth.userInfo("invented")],
  [
    "userInfo: another user than expected",
    async (vendor) => vendor.auth.userInfo((await logIn(vendor)).accessToken, { expectedSubject: "another" }),
  ],
  ["revoke: an invented token", ({ auth }) => auth.revoke("invented")],
  ["revoke: another client's token", async (vendor) => vendor.otherClient.revoke((await logIn(vendor)).accessToken)],
  [
    "introspect: a token that another client revoked",
    async (vendor) => {
      const { accessToken } = await logIn(vendor)
      await vendor.otherClient.revoke(accessToken).catch(() => undefined)
      return vendor.auth.introspect(accessToken, live)
    },
  ],
  ["revoke: a wrong client secret", async (vendor) => vendor.wrongSecret.revoke((await logIn(vendor)).accessToken)],
]
