import type { KeyObject } from "node:crypto"
import { importJwk, type ParsedJwt, parseJwt, verifiesJwt } from "../jwt.ts"
import { type ClientRecord, textOf } from "./client-record.ts"
import { oauthError, oauthErrorWithoutHint } from "./errors.ts"
import type { Ory } from "./state.ts"

const invalid = (hint: string) => oauthError("invalid_client", hint)

const stringOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)

const clientOf = (ory: Ory, form: URLSearchParams, token: ParsedJwt): ClientRecord => {
  const id = form.get("client_id") || stringOf(token.claims.sub)
  if (id === undefined) throw invalid("The claim 'sub' from the client_assertion JSON Web Token is undefined.")
  const client = ory.clients.get(id)
  if (client === undefined) throw oauthErrorWithoutHint("invalid_client")
  return client
}

const checkMethod = (client: ClientRecord, token: ParsedJwt) => {
  const method = textOf(client, "token_endpoint_auth_method")
  if (method === "none") {
    throw invalid(
      "This requested OAuth 2.0 client does not support client authentication, however 'client_assertion' was provided in the request.",
    )
  }
  if (method === "client_secret_basic" || method === "client_secret_post") {
    throw invalid(
      `This requested OAuth 2.0 client only supports client authentication method '${method}', however 'client_assertion' was provided in the request.`,
    )
  }
  if (method !== "private_key_jwt") {
    throw invalid(
      `This requested OAuth 2.0 client only supports client authentication method '${method}', however that method is not supported by this server.`,
    )
  }
  const enforced = textOf(client, "token_endpoint_auth_signing_alg") || "RS256"
  if (token.header.alg !== enforced) {
    throw invalid(
      `The 'client_assertion' uses signing algorithm '${String(token.header.alg)}' but the requested OAuth 2.0 Client enforces signing algorithm '${enforced}'.`,
    )
  }
}

/** Returns the registered key with the header's `kid`, or the first suitable key if the header has no `kid`. */
const keyOf = (client: ClientRecord, token: ParsedJwt): KeyObject => {
  const jwks = client.values.jwks
  const keys: ReadonlyArray<Record<string, unknown>> =
    typeof jwks === "object" && jwks !== null && "keys" in jwks && Array.isArray(jwks.keys) ? jwks.keys : []
  if (keys.length === 0) {
    throw oauthError("invalid_request", "The retrieved JSON Web Key Set does not contain any key.")
  }
  const kid = stringOf(token.header.kid)
  const candidates = kid === undefined ? keys : keys.filter((key) => key.kid === kid)
  if (candidates.length === 0) {
    throw oauthError(
      "invalid_request",
      `The JSON Web Token uses signing key with kid '${kid}', which could not be found.`,
    )
  }
  const [kind, kty] = String(token.header.alg).startsWith("ES") ? ["ECDSA", "EC"] : ["RSA", "RSA"]
  const jwk = candidates.find((key) => key.use === "sig" && key.kty === kty)
  const key = jwk && importJwk(jwk)
  if (key !== undefined) return key
  throw oauthError(
    "invalid_request",
    `Unable to find ${kind} public key with use='sig' for kid '${kid ?? ""}' in JSON Web Key Set.`,
  )
}

const isInFuture = (claim: unknown, now: number) => typeof claim === "number" && claim > now

/** Authenticates a client by a signed assertion (`private_key_jwt`, RFC 7523). */
export const authenticateAssertion = (ory: Ory, form: URLSearchParams): ClientRecord => {
  const assertion = form.get("client_assertion") ?? ""
  if (assertion === "") {
    throw oauthError(
      "invalid_request",
      "The client_assertion request parameter must be set when using client_assertion_type of 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'.",
    )
  }
  const unverifiable = () => invalid("Unable to verify the integrity of the 'client_assertion' value.")
  const token = parseJwt(assertion)
  if (token === undefined) throw unverifiable()
  const client = clientOf(ory, form, token)
  checkMethod(client, token)
  if (!verifiesJwt(token, keyOf(client, token))) throw unverifiable()

  const { claims } = token
  const now = Math.floor(ory.now() / 1000)
  // The server has no error code for a wrong time and responds with status 500. It allows no clock skew.
  if (typeof claims.exp === "number" && claims.exp < now) throw oauthError("error")
  if (isInFuture(claims.nbf, now) || isInFuture(claims.iat, now)) throw oauthError("error")

  if (claims.iss !== client.id) {
    throw invalid("Claim 'iss' from 'client_assertion' must match the 'client_id' of the OAuth 2.0 Client.")
  }
  if (claims.sub !== client.id) {
    throw invalid("Claim 'sub' from 'client_assertion' must match the 'client_id' of the OAuth 2.0 Client.")
  }
  const id = stringOf(claims.jti)
  if (id === undefined || id === "") throw invalid("Claim 'jti' from 'client_assertion' must be set but is not.")
  if (typeof claims.exp !== "number" && !isJtiUsed(ory, id)) {
    throw invalid(
      "Unable to type assert the expiry time from claims. This should not happen as we validate the expiry time already earlier with token.Claims.Valid()",
    )
  }
  if (isJtiUsed(ory, id)) throw oauthError("jti_known", "Claim 'jti' from 'client_assertion' MUST only be used once.")
  if (typeof claims.exp === "number") ory.usedIds.set(id, claims.exp)

  const tokenUrl = `${ory.issuer}/oauth2/token`
  const audience = Array.isArray(claims.aud) ? claims.aud : [claims.aud]
  if (audience.includes(tokenUrl)) return client
  throw invalid(
    `Claim 'audience' from 'client_assertion' must match the authorization server's token endpoint '${tokenUrl}'.`,
  )
}

/** Returns whether a JWT with this `jti` was used and has not expired. */
export const isJtiUsed = (ory: Ory, id: string): boolean => {
  const expiresAt = ory.usedIds.get(id)
  return expiresAt !== undefined && expiresAt * 1000 > ory.now()
}
