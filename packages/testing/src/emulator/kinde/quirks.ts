import type { DurationInput } from "latchkey"

/**
 * The points where Kinde's documents are silent or contradict each other. Each member selects one behaviour, so that a
 * test can run all of them. The default is the more likely one.
 *
 * @see https://docs.kinde.com/kinde-apis/frontend/
 * @see https://docs.kinde.com/kinde-apis/management/
 */
export interface KindeQuirks {
  /** The credential that `/oauth2/introspect` accepts. Form credentials and the introspected token are rejected. */
  readonly introspection: "m2m" | "user" | "basic" | "any"
  /**
   * In introspection responses, `exp` and `iat` are strings. Kinde's own Python SDK accepts only strings here; the
   * tests of latchkey run both.
   */
  readonly numbersAsStrings: boolean
  /** In introspection responses, a single audience is a string. */
  readonly audienceAsString: boolean
  /** A refresh token can be introspected. Otherwise it is always inactive. */
  readonly introspectsRefreshTokens: boolean
  /** Introspection responses contain `scope`, `sub` and `token_type`. */
  readonly introspectionExtras: boolean
  /** The status of `invalid_grant`, `unauthorized_client`, `unsupported_grant_type` and the device grant's errors. */
  readonly grantErrorStatus: 400 | 401 | 403
  /** The status for an unknown client at the token endpoint: 400 with a text, or 404 without a body. */
  readonly unknownClientStatus: 400 | 404
  /** The token, introspection and revocation endpoints accept HTTP Basic. */
  readonly basicAuthentication: boolean
  /** A client credentials request requires an audience. */
  readonly audienceRequired: boolean
  /**
   * The response to the revocation of an unknown token or of another client's token: success, an error in the format of
   * the Management API, or an OAuth error.
   */
  readonly unknownTokenRevocation: "accepted" | "errors" | "error"
  /** The revocation of a refresh token also revokes the access tokens of its grant. */
  readonly revokingRefreshEndsAccess: boolean
  /** The user profile and the Management API reject a revoked token that has not expired. */
  readonly rejectsRevokedTokens: boolean
  /** The response of the user profile to an invalid token. */
  readonly userProfileError: { readonly status: 401 | 403; readonly body: boolean }
  /** The status for an invalid credential at the Management API. */
  readonly managementErrorStatus: 401 | 403
  /** Operations whose 403 response has no body in the specification send no body. */
  readonly emptyErrorBodies: boolean
  /** The path of the Management API's audience. */
  readonly managementAudience: "/api" | "/api/v1"
  /** The custom domain also serves the Management API. */
  readonly managementOnCustomDomain: boolean
  /** The source of the scope names where Kinde's specification and guide differ. */
  readonly scopeSpelling: "spec" | "guide"
  /** `next_token` on the last page. `extra` leads to an empty page, `repeated` to the same page. */
  readonly lastPage: "absent" | "empty" | "null" | "extra" | "repeated"
  /** An empty list is `null`. */
  readonly emptyListsAsNull: boolean
  /** The body of successful responses whose body is not documented. */
  readonly undocumentedBody: "empty" | "envelope"
  /** The status if the application in the path does not exist. */
  readonly missingApplicationStatus: 400 | 404
  /** The effect of adding a URL that is already in the list. `kept`: the list contains it twice. */
  readonly duplicateUrl: "ignored" | "kept" | "rejected"
  /** The effect of removing a URL that is not in the list. */
  readonly unknownUrl: "ignored" | "rejected"
  /** The path of the device authorization endpoint. */
  readonly devicePath: "/oauth2/device/auth" | "/oauth2/v2/device_authorization" | "both"
  /** The device grant issues refresh and ID tokens if the scopes request them. */
  readonly deviceIssuesAllTokens: boolean
  /** How long a rotated refresh token still works, such as `"1 minute"`. */
  readonly refreshOverlap: DurationInput
  /** The use of a rotated refresh token revokes all tokens of its grant. */
  readonly reuseEndsGrant: boolean
  /** A refresh returns the current access token while it is active. */
  readonly refreshKeepsAccessToken: boolean
  /** An expired refresh token gets a success whose access token has no key id, expiry, issuer or subject. */
  readonly emptyTokenOnExpiredRefresh: boolean
  /** The server has the user profile of version 1. */
  readonly legacyUserProfile: boolean
  /** The format of the expiry of a connected app's token. */
  readonly connectedAppExpiry: "iso" | "offset" | "short-offset" | "epoch"
  /** The response to the revocation of a connected app's token. */
  readonly revokeEnvelope: "success" | "result"
}

/** The more likely behaviours. */
export const defaultQuirks: KindeQuirks = {
  introspection: "any",
  numbersAsStrings: false,
  audienceAsString: false,
  introspectsRefreshTokens: true,
  introspectionExtras: false,
  grantErrorStatus: 400,
  unknownClientStatus: 400,
  basicAuthentication: true,
  audienceRequired: true,
  unknownTokenRevocation: "accepted",
  revokingRefreshEndsAccess: false,
  rejectsRevokedTokens: true,
  userProfileError: { status: 403, body: false },
  managementErrorStatus: 403,
  emptyErrorBodies: false,
  managementAudience: "/api",
  managementOnCustomDomain: false,
  scopeSpelling: "spec",
  lastPage: "absent",
  emptyListsAsNull: false,
  undocumentedBody: "empty",
  missingApplicationStatus: 400,
  duplicateUrl: "ignored",
  unknownUrl: "ignored",
  devicePath: "both",
  deviceIssuesAllTokens: false,
  refreshOverlap: "0 seconds",
  reuseEndsGrant: false,
  refreshKeepsAccessToken: false,
  emptyTokenOnExpiredRefresh: false,
  legacyUserProfile: true,
  connectedAppExpiry: "iso",
  revokeEnvelope: "success",
}
