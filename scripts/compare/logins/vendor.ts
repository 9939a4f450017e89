/** An OpenID provider on loopback that logs one user in without a page, issues wrong ID tokens, and can be down. */
import { createHash } from "node:crypto"
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose"
import { type FailingServer, type Received, type Reply, startFailingServer } from "../../outage/failing-server.ts"

export const clientId = "app"
export const clientSecret = "secret"
export const user = { sub: "ada", email: "ada@example.org", email_verified: true, name: "Ada" }

export interface LoginVendor extends FailingServer {
  /** From now on the ID tokens have these claims instead of the right ones. */
  readonly issueWrong: (claims: JWTPayload) => void
  /** From now on the ID tokens are signed with a key that is not published. */
  readonly signWrong: () => void
}

/** What the token endpoint knows of a code. */
interface Grant {
  readonly redirectUri: string
  readonly challenge: string
  readonly nonce: string | null
}

const keys = Promise.all([generateKeyPair("RS256"), generateKeyPair("RS256")])

const metadataOf = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  userinfo_endpoint: `${issuer}/userinfo`,
  jwks_uri: `${issuer}/keys`,
  response_types_supported: ["code"],
  subject_types_supported: ["public"],
  id_token_signing_alg_values_supported: ["RS256"],
  token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
  code_challenge_methods_supported: ["S256"],
  authorization_response_iss_parameter_supported: true,
})

const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`

const isClient = ({ headers, form }: Received): boolean =>
  headers.authorization === basic || form.get("client_secret") === clientSecret

const challengeOf = (verifier: string): string => createHash("sha256").update(verifier).digest("base64url")

type Grants = Map<string, Grant>

/** Logs the user in, and redirects with a code. PKCE is required. */
const authorize = ({ url: { origin, searchParams } }: Received, grants: Grants): Reply => {
  const [redirectUri, challenge] = [searchParams.get("redirect_uri"), searchParams.get("code_challenge")]
  if (redirectUri === null || challenge === null) return { status: 400, json: { error: "invalid_request" } }
  const code = crypto.randomUUID()
  grants.set(code, { redirectUri, challenge, nonce: searchParams.get("nonce") })
  const location = new URL(redirectUri)
  const state = searchParams.get("state")
  for (const [name, value] of Object.entries({ code, iss: origin, ...(state !== null && { state }) }))
    location.searchParams.set(name, value)
  return { location: location.href }
}

/** Returns the grant of a code, once, if the request proves that it began the login. */
const takeGrant = (form: URLSearchParams, grants: Grants): Grant | undefined => {
  const code = form.get("code") ?? ""
  const grant = grants.get(code)
  grants.delete(code)
  const isSame = grant?.redirectUri === form.get("redirect_uri")
  return isSame && grant?.challenge === challengeOf(form.get("code_verifier") ?? "") ? grant : undefined
}

/** Starts a vendor. */
export const startLoginVendor = async (): Promise<LoginVendor> => {
  const [right, unpublished] = await keys
  const jwk = { ...(await exportJWK(right.publicKey)), kid: "1", alg: "RS256", use: "sig" }
  const grants: Grants = new Map()
  let wrong: JWTPayload = {}
  let signer = right.privateKey
  const token = async (received: Received): Promise<Reply> => {
    if (!isClient(received)) return { status: 401, json: { error: "invalid_client" } }
    const grant = takeGrant(received.form, grants)
    if (grant === undefined) return { status: 400, json: { error: "invalid_grant" } }
    const iat = Math.floor(Date.now() / 1000)
    const claims = { iss: received.url.origin, aud: clientId, iat, exp: iat + 3600, ...user }
    const idToken = new SignJWT({ ...claims, ...(grant.nonce !== null && { nonce: grant.nonce }), ...wrong })
    const signed = await idToken.setProtectedHeader({ alg: "RS256", kid: "1" }).sign(signer)
    return { json: { access_token: "opaque", token_type: "Bearer", expires_in: 3600, id_token: signed } }
  }
  const routes: Readonly<Record<string, (received: Received) => Reply | Promise<Reply>>> = {
    "/authorize": (received) => authorize(received, grants),
    "/token": token,
    "/keys": () => ({ json: { keys: [jwk] } }),
    "/userinfo": () => ({ json: user }),
    "/.well-known/openid-configuration": ({ url }) => ({ json: metadataOf(url.origin) }),
  }
  const server = await startFailingServer((received) => routes[received.url.pathname]?.(received) ?? { status: 404 })
  return {
    ...server,
    issueWrong: (claims) => {
      wrong = claims
    },
    signWrong: () => {
      signer = unpublished.privateKey
    },
  }
}
