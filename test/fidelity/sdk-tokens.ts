/** The library asks for tokens, about tokens, and ends them. */
import { generateKeyPairSync, randomUUID } from "node:crypto"
import { SignJWT } from "jose"
import { alsoSending, member, type Step, step, type World } from "./sdk.ts"

const web = { username: "web", password: "web-secret" }
const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"
const issuer = "https://issuer.example"

// One key for both servers, so that they are told the same.
const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
const jwk = { ...publicKey.export({ format: "jwk" }), kid: "k1", use: "sig", alg: "ES256" }

const assertion = ({ publicUrl }: World) =>
  new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: "ES256", kid: "k1" })
    .setIssuer(issuer)
    .setSubject("svc-1")
    .setAudience(`${publicUrl}/oauth2/token`)
    .setIssuedAt()
    .setExpirationTime("5m")
    .sign(privateKey)

const introspect = (kept: string) => (world: World) => world.admin.introspectOAuth2Token({ token: world.kept(kept) })

const refresh = async (world: World) => {
  const tokens = await world
    .oauth(web)
    .oauth2TokenExchange({ grantType: "refresh_token", refreshToken: world.kept("refresh_token") })
  return tokens
}

const trust = {
  issuer,
  subject: "svc-1",
  scope: ["read"],
  expires_at: "2035-01-01T00:00:00Z",
  jwk: { ...jwk, kty: "EC" },
}

const create = (trustOAuth2JwtGrantIssuer: typeof trust) => async (world: World) => {
  const created = await world.admin.trustOAuth2JwtGrantIssuer({ trustOAuth2JwtGrantIssuer })
  if (created.status === 201) world.keep("trust", created.data.id)
  return created
}

const exchangeAssertion = async (world: World) => {
  const fields = { assertion: await assertion(world), scope: "read" }
  const as = { username: "svc", password: "svc-secret" }
  return world.oauth(as).oauth2TokenExchange({ grantType: jwtBearer }, alsoSending(fields))
}

/** With the tokens of a user who logged in. */
export const tokenSteps: ReadonlyArray<Step> = [
  step("introspects a user's access token", introspect("access_token")),
  step("introspects a refresh token", introspect("refresh_token")),
  step("introspects an ID token", introspect("id_token")),
  step("introspects with a scope that the token lacks", (world) =>
    world.admin.introspectOAuth2Token({ token: world.kept("access_token"), scope: "nope" }),
  ),
  step("introspects garbage", (world) => world.admin.introspectOAuth2Token({ token: "garbage" })),
  step("refreshes", async (world) => {
    world.keep("old_access_token", world.kept("access_token"))
    world.keep("old_refresh_token", world.kept("refresh_token"))
    const tokens = await refresh(world)
    for (const name of ["access_token", "refresh_token"]) world.keep(name, member(tokens.data, name))
    return tokens
  }),
  step("introspects the access token before the refresh", introspect("old_access_token")),
  step("revokes a token of another client", (world) =>
    world
      .oauth({ username: "full", password: "full-secret-3" })
      .revokeOAuth2Token({ token: world.kept("access_token") }),
  ),
  step("introspects the token that another client revoked", introspect("access_token")),
  step("deletes a client's access tokens", (world) => world.admin.deleteOAuth2Token({ clientId: "web" })),
  step("introspects a deleted access token", introspect("access_token")),
  step("introspects the refresh token beside it", introspect("refresh_token")),
  step("revokes a token", (world) => world.oauth(web).revokeOAuth2Token({ token: world.kept("refresh_token") })),
  step("introspects a revoked token", introspect("refresh_token")),
  step("refreshes with a revoked token", refresh),
  step("revokes with a wrong secret", (world) =>
    world.oauth({ ...web, password: "wrong" }).revokeOAuth2Token({ token: "x" }),
  ),
  step("revokes without credentials", (world) => world.oauth().revokeOAuth2Token({ token: "x" })),
  step("uses a code twice", (world) =>
    world.oauth(web).oauth2TokenExchange({
      grantType: "authorization_code",
      code: world.kept("code"),
      redirectUri: "http://127.0.0.1:9/cb",
    }),
  ),
  step("gets a token for a client itself", async (world) => {
    const tokens = await world
      .oauth(web)
      .oauth2TokenExchange({ grantType: "client_credentials" }, alsoSending({ scope: "read" }))
    world.keep("own_token", member(tokens.data, "access_token"))
    return tokens
  }),
  step("introspects a client's own token", introspect("own_token")),
  step("reads claims with a client's own token", (world) =>
    world.oidc({ accessToken: world.kept("own_token") }).getOidcUserInfo(),
  ),
  step("asks for tokens with a wrong secret", (world) =>
    world.oauth({ ...web, password: "wrong" }).oauth2TokenExchange({ grantType: "client_credentials" }),
  ),
  step("asks for tokens without credentials", (world) =>
    world.oauth().oauth2TokenExchange({ grantType: "client_credentials" }),
  ),
  step("asks for tokens by an unknown grant", (world) => world.oauth(web).oauth2TokenExchange({ grantType: "nope" })),
  step("revokes the consent of a user at a client", (world) =>
    world.admin.revokeOAuth2ConsentSessions({ subject: "u1", client: "web" }),
  ),
  step("revokes every consent of a user", (world) =>
    world.admin.revokeOAuth2ConsentSessions({ subject: "u1", all: true }),
  ),
  step("revokes consents of nobody", (world) => world.admin.revokeOAuth2ConsentSessions({ all: true })),
  step("revokes consents of a user without saying which", (world) =>
    world.admin.revokeOAuth2ConsentSessions({ subject: "u1" }),
  ),
  step("ends the login sessions of a user", (world) => world.admin.revokeOAuth2LoginSessions({ subject: "u1" })),
  step("ends an unknown login session", (world) => world.admin.revokeOAuth2LoginSessions({ sid: "nope" })),
  step("ends the login sessions of nobody", (world) => world.admin.revokeOAuth2LoginSessions()),
]

export const trustSteps: ReadonlyArray<Step> = [
  step("creates a client for assertions", (world) =>
    world.admin.createOAuth2Client({
      oAuth2Client: { client_id: "svc", client_secret: "svc-secret", grant_types: [jwtBearer], scope: "read" },
    }),
  ),
  step("trusts an issuer", create(trust)),
  step("trusts an issuer again", create(trust)),
  step("trusts an issuer for no subject", create({ ...trust, subject: "" })),
  step("reads a trusted issuer", (world) => world.admin.getTrustedOAuth2JwtGrantIssuer({ id: world.kept("trust") })),
  step("lists trusted issuers", (world) => world.admin.listTrustedOAuth2JwtGrantIssuers({ issuer })),
  step("lists all trusted issuers", (world) => world.admin.listTrustedOAuth2JwtGrantIssuers()),
  step("lists trusted issuers of another name", (world) =>
    world.admin.listTrustedOAuth2JwtGrantIssuers({ issuer: "https://who.example" }),
  ),
  step("exchanges an assertion", async (world) => {
    const tokens = await exchangeAssertion(world)
    world.keep("svc_token", member(tokens.data, "access_token"))
    return tokens
  }),
  step("introspects the token of an assertion", introspect("svc_token")),
  step("reads claims with the token of an assertion", (world) =>
    world.oidc({ accessToken: world.kept("svc_token") }).getOidcUserInfo(),
  ),
  step("stops trusting an issuer", (world) =>
    world.admin.deleteTrustedOAuth2JwtGrantIssuer({ id: world.kept("trust") }),
  ),
  step("stops trusting it again", (world) =>
    world.admin.deleteTrustedOAuth2JwtGrantIssuer({ id: world.kept("trust") }),
  ),
  step("exchanges an assertion that is no longer trusted", exchangeAssertion),
  step("reads a trusted issuer with a malformed id", (world) =>
    world.admin.getTrustedOAuth2JwtGrantIssuer({ id: "nope" }),
  ),
]
