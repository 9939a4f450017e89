import type { KindeEmulatorOptions } from "@latchkey/testing"
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { tell } from "./story.ts"
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
  { unknownClient: 404 },
  { basicAuthentication: false },
  { audienceRequired: false },
  { revokeUnknown: "errors" },
  { revokingRefreshEndsAccess: true },
  { refusesRevoked: false },
  { userProfileRefusal: { status: 401, body: false } },
  { userProfileRefusal: { status: 401, body: true } },
  { userProfileRefusal: { status: 403, body: true } },
  { managementRefusal: 401 },
  { bareRefusals: true },
  { managementOnCustomDomain: true, customDomain: true },
  { scopeSpelling: "guide" },
  { lastPage: "empty" },
  { lastPage: "null" },
  { lastPage: "extra" },
  { lastPage: "repeated" },
  { emptyListsAsNull: true },
  { undocumentedBody: "envelope" },
  { missingApplication: 404 },
  { duplicateUrl: "refused", unknownUrl: "refused" },
  { duplicateUrl: "kept" },
  { refreshOverlap: 60 },
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
  stranger: "InvalidClient",
  forgetful: "InvalidClient",
  keys: true,
}

const told = async (options: KindeEmulatorOptions) => {
  await using emulator = await startTenant(options)
  return await tell(emulator, options.introspection === "basic" ? "client" : "management")
}

describe("what nobody knows about Kinde", () => {
  afterEach(() => void vi.useRealTimers())
  let likelier: Awaited<ReturnType<typeof tell>>
  beforeAll(async () => {
    likelier = await told({})
  })

  it("is told in one way where the likelier reading holds", () => {
    expect(likelier).toEqual(expected)
  })

  it.each(readings.map((reading) => [JSON.stringify(reading), reading] as const))(
    "makes no difference to any answer: %s",
    async (_, reading) => {
      expect(await told(reading)).toEqual(likelier)
    },
  )

  it("makes a refusal of the same kind where a stranger's token is an error to Kinde", async () => {
    await using emulator = await startTenant({ revokeUnknown: "error" })
    await using auth = open(emulator)
    expect(await outcomeOf(auth.revoke("a token that nobody has ever seen"))).toBe("InvalidRequest")
  })

  it("is named where no reading of ours will do: another audience for the Management API", async () => {
    await using emulator = await startTenant({ managementAudience: "/api/v1" })
    await using auth = open(emulator)
    const reason = await reasonOf(auth.clients.get(web.clientId))
    expect(reason).toMatchObject({ _tag: "InvalidRequest", code: "invalid_request" })
  })

  it("includes how the Management API refuses a token before its end: another one is fetched", async () => {
    vi.useFakeTimers({ toFake: ["Date"] })
    for (const managementRefusal of [401, 403] as const) {
      await using emulator = await startTenant({ managementRefusal })
      await using auth = open(emulator)
      await auth.clients.get(web.clientId)
      emulator.rotateKeys({ keepOld: false })
      vi.setSystemTime(Date.now() + 120_000)
      expect((await auth.clients.get(web.clientId)).name).toBe("Web")
    }
  })
})
