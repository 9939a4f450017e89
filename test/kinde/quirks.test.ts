import type { KindeEmulatorOptions } from "latchkey/emulator"
import { beforeAll, describe, expect, it } from "vitest"
import { startTenant } from "./tenant.ts"
import { tell } from "./story.ts"

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

const told = async (options: KindeEmulatorOptions) => {
  await using emulator = await startTenant(options)
  return await tell(emulator, options.introspection === "basic" ? "client" : "management")
}

describe("what nobody knows about Kinde", () => {
  let likelier: Awaited<ReturnType<typeof tell>>
  beforeAll(async () => {
    likelier = await told({})
  })

  it("is told in one way where the likelier reading holds", () => {
    expect(likelier).toMatchInlineSnapshot(`
      {
        "client": {
          "gone": "NotFound",
          "listed": [
            "Management",
            "Replaced",
            "Television",
            "Web",
            "Worker",
          ],
          "patched": {
            "grantTypes": [
              "authorization_code",
              "refresh_token",
            ],
            "login": "https://a.example/login",
            "name": "Patched",
            "postLogoutRedirectUris": [
              "https://a.example/out",
            ],
            "redirectUris": [],
          },
          "read": {
            "grantTypes": [
              "authorization_code",
              "refresh_token",
            ],
            "login": "https://a.example/login",
            "name": "Made",
            "postLogoutRedirectUris": [
              "https://a.example/out",
            ],
            "redirectUris": [
              "https://a.example/cb",
            ],
          },
          "removedAgain": "NotFound",
          "replaced": {
            "grantTypes": [
              "authorization_code",
              "refresh_token",
            ],
            "login": "https://a.example/login",
            "name": "Replaced",
            "postLogoutRedirectUris": [
              "https://a.example/out",
            ],
            "redirectUris": [
              "https://a.example/cb",
            ],
          },
          "secret": true,
          "unknown": "NotFound",
        },
        "connection": {
          "after": "InvalidGrant",
          "early": "InvalidGrant",
          "lives": 60,
          "raw": "string",
        },
        "forgetful": "InvalidClient",
        "keys": true,
        "stranger": "InvalidClient",
        "tokens": {
          "asRefreshToken": {
            "active": false,
          },
          "badGrant": "InvalidGrant",
          "badToken": "InvalidToken",
          "garbage": {
            "active": false,
          },
          "idSubject": "kp_0a1b2c3d4e5f60718293a4b5c6d7e8f9",
          "later": true,
          "lives": true,
          "revoked": {
            "active": false,
          },
          "scopes": [
            "openid",
            "email",
            "profile",
            "offline",
          ],
          "state": {
            "audience": [
              "https://api.example.org",
            ],
            "clientId": "0a1b2c3d4e5f60718293a4b5c6d7e8f1",
            "lives": 86400000,
            "scopes": [
              "openid",
              "email",
              "profile",
              "offline",
            ],
            "subject": "kp_0a1b2c3d4e5f60718293a4b5c6d7e8f9",
            "subjectType": "user",
            "use": "access_token",
          },
          "user": {
            "email": "ada@example.org",
            "name": "Ada Lovelace",
            "subject": "kp_0a1b2c3d4e5f60718293a4b5c6d7e8f9",
            "updatedAt": "2023-05-31T08:45:21.000Z",
          },
        },
      }
    `)
  })

  it.each(readings.map((reading) => [JSON.stringify(reading), reading] as const))(
    "makes no difference to any answer: %s",
    async (_, reading) => {
      expect(await told(reading)).toEqual(likelier)
    },
  )
})
