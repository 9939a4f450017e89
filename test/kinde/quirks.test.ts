import type { KindeEmulatorOptions } from "@latchkey/testing"
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { runScenario } from "./scenario.ts"
import { api, open, outcomeOf, reasonOf, startTenant, subject, web } from "./tenant.ts"

const readings: ReadonlyArray<KindeEmulatorOptions> = [
  { introspection: "m2m" },
  { introspection: "basic" },
  { numbersAsStrings: true },
  { audienceAsString: true },
  { introspectsRefreshTokens: false },
  { introspectionExtras: true },
  { introspectionExtras: true, numbersAsStrings: true, audienceAsString: true },
  { grantErrorStatus: 401 },
  { grantErrorStatus: 403 },
  { unknownClientStatus: 404 },
  { basicAuthentication: false },
  { audienceRequired: false },
  { unknownTokenRevocation: "errors" },
  { revokingRefreshEndsAccess: true },
  { rejectsRevokedTokens: false },
  { userProfileError: { status: 401, body: false } },
  { userProfileError: { status: 401, body: true } },
  { userProfileError: { status: 403, body: true } },
  { managementErrorStatus: 401 },
  { emptyErrorBodies: true },
  { managementOnCustomDomain: true, customDomain: true },
  { scopeSpelling: "guide" },
  { lastPage: "empty" },
  { lastPage: "null" },
  { lastPage: "extra" },
  { lastPage: "repeated" },
  { emptyListsAsNull: true },
  { undocumentedBody: "envelope" },
  { missingApplicationStatus: 404 },
  { duplicateUrl: "rejected", unknownUrl: "rejected" },
  { duplicateUrl: "kept" },
  { refreshOverlap: "1 minute" },
  { reuseEndsGrant: true },
  { refreshKeepsAccessToken: true },
  { emptyTokenOnExpiredRefresh: true },
  { legacyUserProfile: false },
  { connectedAppExpiry: "offset" },
  { connectedAppExpiry: "short-offset" },
  { connectedAppExpiry: "epoch" },
  { revokeEnvelope: "result" },
]

const uris = { redirectUris: ["https://a.example/cb"], postLogoutRedirectUris: ["https://a.example/out"] }
const login = "https://a.example/login"
const grantTypes = ["authorization_code", "refresh_token"]
const scopes = ["openid", "email", "profile", "offline"]

const expected = {
  tokens: {
    scopes,
    idSubject: subject,
    lives: true,
    state: {
      subject,
      subjectType: "user",
      clientId: web.clientId,
      scopes,
      audience: [api],
      use: "access_token",
      lives: 86_400_000,
    },
    later: true,
    asRefreshToken: { active: false },
    user: { subject, email: "ada@example.org", name: "Ada Lovelace", updatedAt: "2023-05-31T08:45:21.000Z" },
    revoked: { active: false },
    garbage: { active: false },
    badToken: "InvalidToken",
    badGrant: "InvalidGrant",
  },
  client: {
    secret: true,
    read: { name: "Made", ...uris, grantTypes, login },
    patched: { name: "Patched", ...uris, redirectUris: [], grantTypes, login },
    replaced: { name: "Replaced", ...uris, grantTypes, login },
    listed: ["Management", "Replaced", "Television", "Web", "Worker"],
    gone: "NotFound",
    removedAgain: "NotFound",
    unknown: "NotFound",
  },
  connection: { early: "InvalidGrant", lives: 60, raw: "string", after: "InvalidGrant" },
  unknownClient: "InvalidClient",
  wrongSecret: "InvalidClient",
  keys: true,
}

const run = async (options: KindeEmulatorOptions) => {
  await using emulator = await startTenant(options)
  return await runScenario(emulator, options.introspection === "basic" ? "client" : "management")
}

describe("undocumented behaviour of Kinde", () => {
  afterEach(() => void vi.useRealTimers())
  let likelier: Awaited<ReturnType<typeof runScenario>>
  beforeAll(async () => {
    likelier = await run({})
  })

  it("gives the expected results with the likelier reading", () => {
    expect(likelier).toEqual(expected)
  })

  it.each(readings.map((reading) => [JSON.stringify(reading), reading] as const))(
    "changes no result: %s",
    async (_, reading) => {
      expect(await run(reading)).toEqual(likelier)
    },
  )

  it("leads to InvalidRequest when Kinde rejects the revocation of an unknown token", async () => {
    await using emulator = await startTenant({ unknownTokenRevocation: "error" })
    await using auth = open(emulator)
    expect(await outcomeOf(auth.revoke("an unknown token"))).toBe("InvalidRequest")
  })

  it("leads to InvalidRequest when the Management API has another audience", async () => {
    await using emulator = await startTenant({ managementAudience: "/api/v1" })
    await using auth = open(emulator)
    const reason = await reasonOf(auth.clients.get(web.clientId))
    expect(reason).toMatchObject({ _tag: "InvalidRequest", code: "invalid_request" })
  })

  it("leads to a new management token whether the API rejects the old one with 401 or 403", async () => {
    vi.useFakeTimers({ toFake: ["Date"] })
    for (const managementErrorStatus of [401, 403] as const) {
      await using emulator = await startTenant({ managementErrorStatus })
      await using auth = open(emulator)
      await auth.clients.get(web.clientId)
      emulator.rotateKeys({ keepOld: false })
      vi.setSystemTime(Date.now() + 120_000)
      expect((await auth.clients.get(web.clientId)).name).toBe("Web")
    }
  })
})
