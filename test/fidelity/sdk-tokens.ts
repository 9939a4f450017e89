/** Steps that request, introspect and revoke tokens, and that manage trusted issuers. */
import { generateKeyPairSync, randomUUID } from "node:crypto"
import { SignJWT } from "jose"
import { member, type Step, type StepContext, step, withFields } from "./sdk.ts"

const web = { username: "web", password: "web-secret" }
const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"
const issuer = "https://issuer.example"

// One key for both servers, so that both receive the same requests.
const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
const jwk = { ...publicKey.export({ format: "jwk" }), kid: "k1", use: "sig", alg: "ES256" }

const assertion = ({ publicUrl }: StepContext) =>
  new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: "ES256", kid: "k1" })
    .setIssuer(issuer)
    .setSubject("svc-1")
    .setAudience(`${publicUrl}/oauth2/token`)
    .setIssuedAt()
    .setExpirationTime("5m")
    .sign(privateKey)

const introspect = (name: string) => (context: StepContext) =>
  context.admin.introspectOAuth2Token({ token: context.saved(name) })

const refresh = async (context: StepContext) => {
  const tokens = await context
    .oauth(web)
    .oauth2TokenExchange({ grantType: "refresh_token", refreshToken: context.saved("refresh_token") })
  return tokens
}

const trust = {
  issuer,
  subject: "svc-1",
  scope: ["read"],
  expires_at: "2035-01-01T00:00:00Z",
  jwk: { ...jwk, kty: "EC" },
}

const create = (trustOAuth2JwtGrantIssuer: typeof trust) => async (context: StepContext) => {
  const created = await context.admin.trustOAuth2JwtGrantIssuer({ trustOAuth2JwtGrantIssuer })
  if (created.status === 201) context.save("trust", created.data.id)
  return created
}

const exchangeAssertion = async (context: StepContext) => {
  const fields = { assertion: await assertion(context), scope: "read" }
  const as = { username: "svc", password: "svc-secret" }
  return context.oauth(as).oauth2TokenExchange({ grantType: jwtBearer }, withFields(fields))
}

/** Steps that use the tokens of the user steps. */
export const tokenSteps: ReadonlyArray<Step> = [
  step("introspects a user's access token", introspect("access_token")),
  step("introspects a refresh token", introspect("refresh_token")),
  step("introspects an ID token", introspect("id_token")),
  step("introspects with a scope that the token lacks", (context) =>
    context.admin.introspectOAuth2Token({ token: context.saved("access_token"), scope: "nope" }),
  ),
  step("introspects garbage", (context) => context.admin.introspectOAuth2Token({ token: "garbage" })),
  step("refreshes", async (context) => {
    context.save("old_access_token", context.saved("access_token"))
    context.save("old_refresh_token", context.saved("refresh_token"))
    const tokens = await refresh(context)
    for (const name of ["access_token", "refresh_token"]) context.save(name, member(tokens.data, name))
    return tokens
  }),
  step("introspects the access token from before the refresh", introspect("old_access_token")),
  step("revokes a token of another client", (context) =>
    context
      .oauth({ username: "full", password: "full-secret-3" })
      .revokeOAuth2Token({ token: context.saved("access_token") }),
  ),
  step("introspects the token that another client revoked", introspect("access_token")),
  step("deletes a client's access tokens", (context) => context.admin.deleteOAuth2Token({ clientId: "web" })),
  step("introspects a deleted access token", introspect("access_token")),
  step("introspects the refresh token of a deleted access token", introspect("refresh_token")),
  step("revokes a token", (context) => context.oauth(web).revokeOAuth2Token({ token: context.saved("refresh_token") })),
  step("introspects a revoked token", introspect("refresh_token")),
  step("refreshes with a revoked token", refresh),
  step("revokes with a wrong secret", (context) =>
    context.oauth({ ...web, password: "wrong" }).revokeOAuth2Token({ token: "x" }),
  ),
  step("revokes without credentials", (context) => context.oauth().revokeOAuth2Token({ token: "x" })),
  step("reuses a code", (context) =>
    context.oauth(web).oauth2TokenExchange({
      grantType: "authorization_code",
      code: context.saved("code"),
      redirectUri: "http://127.0.0.1:9/cb",
    }),
  ),
  step("requests a client credentials token", async (context) => {
    const tokens = await context
      .oauth(web)
      .oauth2TokenExchange({ grantType: "client_credentials" }, withFields({ scope: "read" }))
    context.save("client_token", member(tokens.data, "access_token"))
    return tokens
  }),
  step("introspects a client credentials token", introspect("client_token")),
  step("requests UserInfo with a client credentials token", (context) =>
    context.oidc({ accessToken: context.saved("client_token") }).getOidcUserInfo(),
  ),
  step("requests tokens with a wrong secret", (context) =>
    context.oauth({ ...web, password: "wrong" }).oauth2TokenExchange({ grantType: "client_credentials" }),
  ),
  step("requests tokens without credentials", (context) =>
    context.oauth().oauth2TokenExchange({ grantType: "client_credentials" }),
  ),
  step("requests tokens with an unknown grant type", (context) =>
    context.oauth(web).oauth2TokenExchange({ grantType: "nope" }),
  ),
  step("revokes the consent of a user at a client", (context) =>
    context.admin.revokeOAuth2ConsentSessions({ subject: "u1", client: "web" }),
  ),
  step("revokes every consent of a user", (context) =>
    context.admin.revokeOAuth2ConsentSessions({ subject: "u1", all: true }),
  ),
  step("revokes consents without a subject", (context) => context.admin.revokeOAuth2ConsentSessions({ all: true })),
  step("revokes consents of a user without a client", (context) =>
    context.admin.revokeOAuth2ConsentSessions({ subject: "u1" }),
  ),
  step("ends the login sessions of a user", (context) => context.admin.revokeOAuth2LoginSessions({ subject: "u1" })),
  step("ends an unknown login session", (context) => context.admin.revokeOAuth2LoginSessions({ sid: "nope" })),
  step("ends login sessions without a subject", (context) => context.admin.revokeOAuth2LoginSessions()),
]

export const trustSteps: ReadonlyArray<Step> = [
  step("creates a client for assertions", (context) =>
    context.admin.createOAuth2Client({
      oAuth2Client: { client_id: "svc", client_secret: "svc-secret", grant_types: [jwtBearer], scope: "read" },
    }),
  ),
  step("trusts an issuer", create(trust)),
  step("trusts an issuer again", create(trust)),
  step("trusts an issuer with an empty subject", create({ ...trust, subject: "" })),
  step("reads a trusted issuer", (context) =>
    context.admin.getTrustedOAuth2JwtGrantIssuer({ id: context.saved("trust") }),
  ),
  step("lists trusted issuers", (context) => context.admin.listTrustedOAuth2JwtGrantIssuers({ issuer })),
  step("lists all trusted issuers", (context) => context.admin.listTrustedOAuth2JwtGrantIssuers()),
  step("lists trusted issuers of another name", (context) =>
    context.admin.listTrustedOAuth2JwtGrantIssuers({ issuer: "https://who.example" }),
  ),
  step("exchanges an assertion", async (context) => {
    const tokens = await exchangeAssertion(context)
    context.save("svc_token", member(tokens.data, "access_token"))
    return tokens
  }),
  step("introspects the token of an assertion", introspect("svc_token")),
  step("requests UserInfo with the token of an assertion", (context) =>
    context.oidc({ accessToken: context.saved("svc_token") }).getOidcUserInfo(),
  ),
  step("stops trusting an issuer", (context) =>
    context.admin.deleteTrustedOAuth2JwtGrantIssuer({ id: context.saved("trust") }),
  ),
  step("stops trusting it again", (context) =>
    context.admin.deleteTrustedOAuth2JwtGrantIssuer({ id: context.saved("trust") }),
  ),
  step("exchanges an assertion that is no longer trusted", exchangeAssertion),
  step("reads a trusted issuer with a malformed id", (context) =>
    context.admin.getTrustedOAuth2JwtGrantIssuer({ id: "nope" }),
  ),
]
