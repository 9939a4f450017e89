/** Where the emulators still differ from the real servers, as recorded, and why. */
import { startOry, startPolar } from "@latchkey/testing"
import { admin } from "../emulator/ory-steps.ts"
import { authorizeQuery, bearer, codeFor, cookie, get, post, redeem, seed, shop } from "../emulator/polar-steps.ts"

interface KnownDifference {
  readonly vendor: "Ory" | "Polar"
  /** The continuation of the sentence "the emulator differs in ...". */
  readonly what: string
  /** What the real server does. */
  readonly real: string
  readonly reason: string
  /** What the emulator does. When it changes, the row must go. */
  readonly emulated: unknown
  readonly observe: () => Promise<unknown>
}

const introspect = { ...shop, token: "unknown" }
const perMinute = 101

export const knownDifferences: ReadonlyArray<KnownDifference> = [
  {
    vendor: "Polar",
    what: "two exchanges of one code at once",
    real: "two processes issue two pairs; one process stands still for 30 s and answers 500",
    reason: "the answer depends on the number of processes; inject latency to test a server that stands still",
    emulated: [200, 400],
    observe: async () => {
      await using polar = await startPolar({ drift: "source", seed })
      const code = await codeFor(polar)
      const responses = await Promise.all([redeem(polar, code), redeem(polar, code)])
      return responses.map(({ status }) => status).sort()
    },
  },
  {
    vendor: "Polar",
    what: "a request right after the tokens were issued",
    real: "UserInfo rejects the new token in 3 to 7 % of the requests, for up to 1 ms",
    reason: "a test must not fail by chance; the reading commitLagMs has the behaviour",
    emulated: 200,
    observe: async () => {
      await using polar = await startPolar({ drift: "source", seed })
      const { json } = await redeem(polar, await codeFor(polar))
      return (await get(polar, "/v1/oauth2/userinfo", bearer(json.access_token))).status
    },
  },
  {
    vendor: "Polar",
    what: "the rate limit",
    real: "the sandbox answers 429, with Retry-After and polar-version, to the 101st request of a minute",
    reason: "tests send more requests; inject the status 429",
    emulated: 0,
    observe: async () => {
      await using polar = await startPolar({ drift: "source", sandbox: true, seed })
      const requests = Array.from({ length: perMinute }, () => post(polar, "/v1/oauth2/introspect", introspect))
      return (await Promise.all(requests)).filter(({ status }) => status === 429).length
    },
  },
  {
    vendor: "Polar",
    what: "the words of the notice for the prefix /api",
    real: "another sentence",
    reason: "the sentence was not recorded",
    emulated: "The /api prefix is deprecated.",
    observe: async () => {
      await using polar = await startPolar({ drift: "source", seed })
      return (await get(polar, "/api/v1/oauth2/userinfo")).headers.get("x-polar-deprecation-notice")
    },
  },
  {
    vendor: "Polar",
    what: "the labels of scopes",
    real: "every scope has a label of its own",
    reason: "the labels were not recorded; they are derived from the names",
    emulated: "Read products",
    observe: async () => {
      await using polar = await startPolar({ drift: "source", seed })
      const { json } = await get(polar, `/v1/oauth2/authorize?${authorizeQuery()}`, cookie)
      return Object(json.scope_display_names)["products:read"]
    },
  },
  {
    vendor: "Ory",
    what: "a patch that removes created_at, in v26.2.0",
    real: "200 with a time in another format",
    reason: "the format was not recorded",
    emulated: [200, "kept"],
    observe: async () => {
      await using ory = await startOry({ version: "v26.2.0" })
      const { json } = await admin(ory, "POST", "/admin/clients", {})
      const patch = [{ op: "remove", path: "/created_at" }]
      const patched = await admin(ory, "PATCH", `/admin/clients/${String(json.client_id)}`, patch)
      const later = await admin(ory, "GET", `/admin/clients/${String(json.client_id)}`)
      return [patched.status, later.json.created_at === json.created_at ? "kept" : later.json.created_at]
    },
  },
]
