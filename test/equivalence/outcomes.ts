/** What each vendor makes of the same mistakes and mishaps, as facts. */
import { logIn } from "./answers.ts"
import { redirectUri } from "./facts.ts"
import { type Case, issuingCases } from "./issuing-cases.ts"
import { tokenCases } from "./token-cases.ts"
import type { Vendor } from "./vendors.ts"
import { type Facts, outcomeOf } from "./words.ts"

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
  [
    "clients.create: a member that no vendor documents",
    ({ auth, record }) => auth.clients.create({ ...record, extra: { invented: 1 } }),
  ],
  [
    "clients.patch: a name that is cleared",
    async ({ auth, record }) => {
      const made = await auth.clients.create(record)
      return auth.clients.patch({ client: made, changes: { name: null } })
    },
  ],
]

/** The last: it leaves the clock where all that was remembered is old. */
const expiry: ReadonlyArray<Case> = [
  [
    "introspect: an expired token",
    async (vendor) => {
      const { accessToken } = await logIn(vendor)
      vendor.later(7200)
      return vendor.fresh.introspect(accessToken, { freshness: "live" })
    },
  ],
]

/** How every case ends. */
export const outcomes = async (vendor: Vendor): Promise<Facts> => {
  const found: Record<string, string> = {}
  for (const [name, call] of [...issuingCases, ...tokenCases, ...management, ...expiry])
    found[name] = await outcomeOf(call(vendor))
  return found
}
