/** Collects the outcomes of failing and unusual calls from one vendor. */

import { redirectUri } from "./fixture.ts"
import { type Case, issuingCases } from "./issuing-cases.ts"
import { type Observations, outcomeOf } from "./observations.ts"
import { logIn } from "./results.ts"
import { tokenCases } from "./token-cases.ts"
import type { Vendor } from "./vendors.ts"

const management: ReadonlyArray<Case> = [
  ["clients.get: an unknown id", ({ auth }) => auth.clients.get("0a1b2c3d4e5f60718293a4b5c6d7e8ff")],
  [
    "clients.get: a removed client",
    async ({ auth, record }) => {
      const created = await auth.clients.create(record)
      await auth.clients.remove(created)
      return auth.clients.get(created)
    },
  ],
  [
    "clients.create: an invalid redirect URI",
    ({ auth, record }) => auth.clients.create({ ...record, redirectUris: [`${redirectUri}#fragment`] }),
  ],
  [
    "clients.create: a member that no vendor documents",
    ({ auth, record }) => auth.clients.create({ ...record, extra: { invented: 1 } }),
  ],
  [
    "clients.patch: a cleared name",
    async ({ auth, record }) => {
      const created = await auth.clients.create(record)
      return auth.clients.patch({ client: created, changes: { name: null } })
    },
  ],
]

const sessions: ReadonlyArray<Case> = [
  [
    "session.end: an ID token and a return address",
    async (vendor) => {
      const { idToken = "" } = await logIn(vendor)
      return vendor.auth.session.end({ idTokenHint: idToken, returnTo: redirectUri })
    },
  ],
]

/** Runs last, because it moves the clock past the lifetime of every token. */
const expiry: ReadonlyArray<Case> = [
  [
    "introspect: an expired token",
    async (vendor) => {
      const { accessToken } = await logIn(vendor)
      vendor.advance(7200)
      return vendor.fresh.introspect(accessToken, { freshness: "live" })
    },
  ],
]

/** Gives the outcome of every case. */
export const outcomes = async (vendor: Vendor): Promise<Observations> => {
  const observed: Record<string, string> = {}
  for (const [name, call] of [...issuingCases, ...tokenCases, ...sessions, ...management, ...expiry])
    observed[name] = await outcomeOf(call(vendor))
  return observed
}
