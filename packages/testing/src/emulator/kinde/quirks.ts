/**
 * Where the vendor's documents are silent or disagree, both readings, so that a test can run either.
 *
 * Each member's default is the likelier reading.
 */
export interface KindeQuirks {
  /** The credential `/oauth2/introspect` takes. Never form credentials, never the token under examination. */
  readonly introspection: "m2m" | "user" | "basic" | "any"
  /** Introspection writes `exp` and `iat` as strings. */
  readonly numbersAsStrings: boolean
  /** Introspection writes a single audience as a string. */
  readonly audienceAsString: boolean
  /** Introspection knows refresh tokens. */
  readonly introspectsRefreshTokens: boolean
  /** Introspection adds `scope`, `sub` and `token_type`. */
  readonly introspectionExtras: boolean
  /** The status of `invalid_grant`, `unauthorized_client`, `unsupported_grant_type` and the device grant's errors. */
  readonly grantErrorStatus: 400 | 401 | 403
  /** The status of an unknown client at the token endpoint: 400 with text, or 404 without. */
  readonly unknownClient: 400 | 404
  /** The token, introspection and revocation endpoints take HTTP Basic. */
  readonly basicAuthentication: boolean
  /** A machine's token request has to name an audience. */
  readonly audienceRequired: boolean
  /** What revoking an unknown or another client's token answers: success, or an error in one of two dialects. */
  readonly revokeUnknown: "accepted" | "errors" | "error"
  /** Revoking a refresh token ends the access tokens that came with it. */
  readonly revokingRefreshEndsAccess: boolean
  /** The user profile and the Management API refuse a revoked token before it expires. */
  readonly refusesRevoked: boolean
  /** What a bad token at the user profile gets. */
  readonly userProfileRefusal: { readonly status: 401 | 403; readonly body: boolean }
  /** The status of a bad credential at the Management API. */
  readonly managementRefusal: 401 | 403
  /** Operations whose refused credential has no body in the specification send none. */
  readonly bareRefusals: boolean
  /** The path of the Management API's audience. */
  readonly managementAudience: "/api" | "/api/v1"
  /** The Management API also answers on the custom domain. */
  readonly managementOnCustomDomain: boolean
  /** Which name of a scope the server wants where the documents differ. */
  readonly scopeSpelling: "spec" | "guide"
  /** What `next_token` is on the last page; `extra` leads to an empty page, `repeated` to the same one. */
  readonly lastPage: "absent" | "empty" | "null" | "extra" | "repeated"
  /** A list without entries is `null`. */
  readonly emptyListsAsNull: boolean
  /** The body of successes whose body is not documented. */
  readonly undocumentedBody: "empty" | "envelope"
  /** The status when an addressed application is missing. */
  readonly missingApplication: 400 | 404
  /** What adding a URL that is there already does. */
  readonly duplicateUrl: "ignored" | "kept" | "refused"
  /** What removing a URL that is not there does. */
  readonly unknownUrl: "ignored" | "refused"
  /** Which device authorization path there is. */
  readonly devicePath: "/oauth2/device/auth" | "/oauth2/v2/device_authorization" | "both"
  /** The device grant gives refresh and ID tokens where the scope says so. */
  readonly deviceGivesAllTokens: boolean
  /** Seconds during which a rotated refresh token still works. */
  readonly refreshOverlap: number
  /** Using a rotated refresh token ends every token of its grant. */
  readonly reuseEndsGrant: boolean
  /** A refresh hands back the access token that is still good. */
  readonly refreshKeepsAccessToken: boolean
  /** An expired refresh token gets a success whose access token has neither key id, expiry, issuer nor subject. */
  readonly emptyTokenOnExpiredRefresh: boolean
  /** The older user profile is served. */
  readonly legacyUserProfile: boolean
  /** How the expiry of a connected app's token is written. */
  readonly connectedAppExpiry: "iso" | "offset" | "short-offset" | "epoch"
  /** What revoking a connected app's token answers. */
  readonly revokeEnvelope: "success" | "result"
}

export const likelier: KindeQuirks = {
  introspection: "any",
  numbersAsStrings: false,
  audienceAsString: false,
  introspectsRefreshTokens: true,
  introspectionExtras: false,
  grantErrorStatus: 400,
  unknownClient: 400,
  basicAuthentication: true,
  audienceRequired: true,
  revokeUnknown: "accepted",
  revokingRefreshEndsAccess: false,
  refusesRevoked: true,
  userProfileRefusal: { status: 403, body: false },
  managementRefusal: 403,
  bareRefusals: false,
  managementAudience: "/api",
  managementOnCustomDomain: false,
  scopeSpelling: "spec",
  lastPage: "absent",
  emptyListsAsNull: false,
  undocumentedBody: "empty",
  missingApplication: 400,
  duplicateUrl: "ignored",
  unknownUrl: "ignored",
  devicePath: "both",
  deviceGivesAllTokens: false,
  refreshOverlap: 0,
  reuseEndsGrant: false,
  refreshKeepsAccessToken: false,
  emptyTokenOnExpiredRefresh: false,
  legacyUserProfile: true,
  connectedAppExpiry: "iso",
  revokeEnvelope: "success",
}
