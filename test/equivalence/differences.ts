/** The differences between vendors that latchkey's results show; all other results must be equal. */
import type { VendorId } from "./vendors.ts"

export type Difference = Readonly<Record<VendorId, string>> & {
  /** The member of a result, or the call. */
  readonly item: string
  readonly why: string
}

/** The value of a missing member. */
export const absent = "absent"

export const differences: ReadonlyArray<Difference> = [
  {
    item: "Tokens.refreshToken",
    ...{ kinde: absent, ory: absent, polar: "present" },
    why: "Polar always issues a refresh token; Kinde and Ory issue one for `offline: true`",
  },
  {
    item: "Tokens, offline.scopes",
    ...{ kinde: "openid, email, offline", ory: "openid, email, offline_access", polar: "openid, email" },
    why: "the scope for a refresh token is `offline` at Kinde and `offline_access` at Ory; Polar has no such scope",
  },
  {
    item: "ID token.aud",
    ...{ kinde: "the issuer, the client", ory: "the client", polar: "the client" },
    why: "Kinde adds its issuer to the audience",
  },
  {
    item: "TokenState.audience",
    ...{ kinde: "empty", ory: "empty", polar: "the client" },
    why: "Polar's tokens are for the client; Kinde's and Ory's are for the requested APIs",
  },
  {
    item: "TokenState.tokenId",
    ...{ kinde: "present", ory: absent, polar: absent },
    why: "opaque tokens have no id",
  },
  {
    item: "TokenState.notBefore",
    ...{ kinde: absent, ory: "now", polar: absent },
    why: "only Ory sends it",
  },
  {
    item: "EndSessionUrl.idTokenHint",
    ...{ kinde: absent, ory: "present", polar: absent },
    why: "Kinde ends the browser's session, whichever user it belongs to, so the hint is dropped; Polar has no logout",
  },
  {
    item: "Client, new.registration",
    ...{ kinde: absent, ory: "present", polar: "present" },
    why: "Kinde has no dynamic registration",
  },
  {
    item: "Client.registration",
    ...{ kinde: absent, ory: absent, polar: "present" },
    why: "Polar manages a client with its registration token only, so every response holds the token",
  },
  {
    item: "Client.scopes",
    ...{ kinde: "empty", ory: "openid, email", polar: "openid, email" },
    why: "Kinde assigns scopes to an API, not to a client",
  },
  {
    item: "Client.createdAt",
    ...{ kinde: absent, ory: "now", polar: "now" },
    why: "Kinde does not send it",
  },
  {
    item: "Client.updatedAt",
    ...{ kinde: absent, ory: "now", polar: absent },
    why: "only Ory sends it",
  },
  {
    item: "authorize: a login hint",
    ...{ kinde: "success", ory: "success", polar: "UnsupportedOperation loginHint" },
    why: "Polar's login page takes no hint",
  },
  {
    item: "refresh: with fewer scopes",
    ...{ kinde: "UnsupportedOperation scopes", ory: "UnsupportedOperation scopes", polar: "success" },
    why: "Kinde and Ory would ignore the scopes and keep the granted ones",
  },
  {
    item: 'introspect: a refresh token, with `expect: "refresh_token"`',
    ...{ kinde: "UnsupportedOperation expect", ory: "active", polar: "UnsupportedOperation expect" },
    why: "only Ory reports the kind of a token",
  },
  {
    item: "introspect: an access token whose refresh token was revoked",
    ...{ kinde: "active", ory: "inactive", polar: "inactive" },
    why: "Kinde's access tokens stay active until they expire",
  },
  {
    item: "introspect: an access token whose refresh token was used",
    ...{ kinde: "active", ory: "inactive", polar: "inactive" },
    why: "Kinde's access tokens stay active until they expire",
  },
  {
    item: "introspect: another client's token",
    ...{ kinde: "active", ory: "active", polar: "inactive" },
    why: "Polar introspects only the tokens of the client itself",
  },
  {
    item: "introspect: a wrong client secret",
    ...{ kinde: "active", ory: "active", polar: "InvalidClient invalid_client" },
    why: "Kinde requires a management token, Ory a private network, Polar the client's secret",
  },
  {
    item: "revoke: another client's token",
    ...{ kinde: "accepted", ory: "accepted", polar: "AccessDenied invalid_grant" },
    why: "the token stays active at every vendor; only Polar sends an error",
  },
  {
    item: "session.end: an ID token and a return address",
    ...{ kinde: "success", ory: "success", polar: "UnsupportedOperation" },
    why: "Polar has no logout",
  },
  {
    item: "clients.get: an unknown id",
    ...{ kinde: "NotFound", ory: "NotFound", polar: "InvalidRequest client" },
    why: "Polar has no administrator API: reading a client requires its registration token",
  },
  {
    item: "clients.get: a removed client",
    ...{ kinde: "NotFound", ory: "NotFound", polar: "InvalidToken rejected" },
    why: "Polar removes the registration token with the client",
  },
  {
    item: "clients.create: an invalid redirect URI",
    ...{
      kinde: "InvalidRequest redirectUris",
      ory: "InvalidRequest invalid_redirect_uri redirectUris",
      polar: "InvalidRequest invalid_client_metadata redirectUris",
    },
    why: "the error code is the vendor's",
  },
  {
    item: "clients.patch: a cleared name",
    ...{ kinde: "InvalidRequest name", ory: "success", polar: "InvalidRequest name" },
    why: "only Ory allows a client without a name",
  },
]
