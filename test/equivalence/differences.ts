/** Where the vendors really differ, so that latchkey's answers do too; everything else must be equal. */
import type { VendorId } from "./vendors.ts"

export type Difference = Readonly<Record<VendorId, string>> & {
  readonly fact: string
  readonly why: string
}

/** What a vendor does not say. */
export const absent = "absent"

export const differences: ReadonlyArray<Difference> = [
  {
    fact: "Tokens.refreshToken",
    ...{ kinde: absent, ory: absent, polar: "there" },
    why: "Polar gives a refresh token to everybody; elsewhere `offline: true` asks for it",
  },
  {
    fact: "Tokens, offline.scopes",
    ...{ kinde: "openid, email, offline", ory: "openid, email, offline_access", polar: "openid, email" },
    why: "each asks for a refresh token in its own way; Polar has no scope for it",
  },
  {
    fact: "ID token.aud",
    ...{ kinde: "the issuer, the client", ory: "the client", polar: "the client" },
    why: "Kinde names itself too",
  },
  {
    fact: "TokenState.audience",
    ...{ kinde: "none", ory: "none", polar: "the client" },
    why: "Polar's tokens are for the client that got them; the others' for the APIs that were asked for",
  },
  {
    fact: "TokenState.tokenId",
    ...{ kinde: "there", ory: absent, polar: absent },
    why: "opaque tokens have no id",
  },
  {
    fact: "TokenState.notBefore",
    ...{ kinde: absent, ory: "now", polar: absent },
    why: "only Ory says it",
  },
  {
    fact: "Client, new.registration",
    ...{ kinde: absent, ory: "there", polar: "there" },
    why: "Kinde has no dynamic registration",
  },
  {
    fact: "Client.registration",
    ...{ kinde: absent, ory: absent, polar: "there" },
    why: "a client of Polar's is managed by its registration token alone, so it rides in every answer",
  },
  {
    fact: "Client.scopes",
    ...{ kinde: "none", ory: "openid, email", polar: "openid, email" },
    why: "Kinde's applications have no scopes; an API gives them theirs",
  },
  {
    fact: "Client.createdAt",
    ...{ kinde: absent, ory: "now", polar: "now" },
    why: "Kinde does not say it",
  },
  {
    fact: "Client.updatedAt",
    ...{ kinde: absent, ory: "now", polar: absent },
    why: "only Ory says it",
  },
  {
    fact: "authorize: a login hint",
    ...{ kinde: "success", ory: "success", polar: "UnsupportedOperation loginHint" },
    why: "Polar's page takes none",
  },
  {
    fact: "refresh: with fewer scopes",
    ...{ kinde: "UnsupportedOperation scopes", ory: "UnsupportedOperation scopes", polar: "success" },
    why: "the others would ignore the wish and keep what was granted",
  },
  {
    fact: "introspect: a refresh token, where one is expected",
    ...{ kinde: "UnsupportedOperation expect", ory: "active", polar: "UnsupportedOperation expect" },
    why: "only Ory says of which kind a token is",
  },
  {
    fact: "introspect: an access token whose refresh token was revoked",
    ...{ kinde: "active", ory: "inactive", polar: "inactive" },
    why: "Kinde's access tokens live on",
  },
  {
    fact: "introspect: an access token whose refresh token was used",
    ...{ kinde: "active", ory: "inactive", polar: "inactive" },
    why: "Kinde's access tokens live on",
  },
  {
    fact: "introspect: another client's token",
    ...{ kinde: "active", ory: "active", polar: "inactive" },
    why: "Polar speaks to a client of its own tokens only",
  },
  {
    fact: "introspect: a wrong secret",
    ...{ kinde: "active", ory: "active", polar: "InvalidClient invalid_client" },
    why: "Kinde asks for a token of the service's, Ory for a private network; Polar for the client's secret",
  },
  {
    fact: "revoke: another client's token",
    ...{ kinde: "accepted", ory: "accepted", polar: "AccessDenied invalid_grant" },
    why: "none revokes it; Polar says so",
  },
  {
    fact: "clients.get: an unknown id",
    ...{ kinde: "NotFound", ory: "NotFound", polar: "InvalidRequest client" },
    why: "Polar has no administrator: a client is read with its registration token",
  },
  {
    fact: "clients.get: a client that was removed",
    ...{ kinde: "NotFound", ory: "NotFound", polar: "InvalidToken rejected" },
    why: "the registration token died with the client",
  },
  {
    fact: "clients.create: a redirect URI that may not be",
    ...{
      kinde: "InvalidRequest redirectUris",
      ory: "InvalidRequest invalid_redirect_uri redirectUris",
      polar: "InvalidRequest invalid_client_metadata redirectUris",
    },
    why: "the code is the vendor's",
  },
  {
    fact: "clients.patch: a name that is cleared",
    ...{ kinde: "InvalidRequest name", ory: "success", polar: "InvalidRequest name" },
    why: "only Ory has clients without a name",
  },
]
