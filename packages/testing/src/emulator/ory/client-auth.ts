import { createHash, timingSafeEqual } from "node:crypto"
import { goQueryUnescape } from "../go.ts"
import { authenticateAssertion } from "./client-assertion.ts"
import { type ClientRecord, isPublic, textOf } from "./client-record.ts"
import { oauthError, oauthErrorWithoutHint } from "./errors.ts"
import type { Ory } from "./state.ts"

interface Credentials {
  readonly id: string
  readonly secret: string
}

/** Returns the ID and the secret of a Basic header, still form-encoded, or `undefined` for any other header. */
const basicOf = (header: string | undefined): Credentials | undefined => {
  const match = /^basic (.*)$/i.exec(header ?? "")
  const encoded = match?.[1] ?? ""
  if (match === null || !/^[A-Za-z0-9+/]*={0,2}$/.test(encoded) || encoded.length % 4 !== 0) return undefined
  const decoded = Buffer.from(encoded, "base64").toString("utf8")
  const colon = decoded.indexOf(":")
  return colon < 0 ? undefined : { id: decoded.slice(0, colon), secret: decoded.slice(colon + 1) }
}

const undecodable = (part: string) =>
  oauthError(
    "invalid_request",
    `The client ${part} in the HTTP authorization header could not be decoded from 'application/x-www-form-urlencoded'.`,
  )

const credentials = (basic: Credentials | undefined, form: URLSearchParams): Credentials => {
  if (basic !== undefined) {
    const id = goQueryUnescape(basic.id)
    if (id === undefined) throw undecodable("id")
    const secret = goQueryUnescape(basic.secret)
    if (secret === undefined) throw undecodable("secret")
    return { id, secret }
  }
  const id = form.get("client_id") ?? ""
  if (id !== "") return { id, secret: form.get("client_secret") ?? "" }
  throw oauthError(
    "invalid_request",
    "Client credentials missing or malformed in both HTTP Authorization header and HTTP POST body.",
  )
}

const wrongMethod = (client: ClientRecord, requested: string) =>
  oauthError(
    "invalid_client",
    `The OAuth 2.0 Client supports client authentication method '${textOf(client, "token_endpoint_auth_method")}', but method '${requested}' was requested. You must configure the OAuth 2.0 client's 'token_endpoint_auth_method' value to accept '${requested}'.`,
  )

const digest = (text: string) => createHash("sha256").update(text).digest()

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

/** Authenticates the client of a form request. Only the registered authentication method is accepted. */
export const authenticateClient = (
  ory: Ory,
  headers: Readonly<Record<string, string>>,
  form: URLSearchParams,
): ClientRecord => {
  const type = form.get("client_assertion_type") ?? ""
  if (type === assertionType) return authenticateAssertion(ory, form)
  if (type !== "") throw oauthError("invalid_request", `Unknown client_assertion_type '${type}'.`)

  const basic = basicOf(headers.authorization)
  const { id, secret } = credentials(basic, form)
  const client = ory.clients.get(id)
  if (client === undefined) throw oauthErrorWithoutHint("invalid_client")
  const method = textOf(client, "token_endpoint_auth_method")
  const inBody = (form.get("client_id") ?? "") !== "" && (form.get("client_secret") ?? "") !== ""
  if (inBody && method !== "client_secret_post") throw wrongMethod(client, "client_secret_post")
  if (basic !== undefined && basic.secret !== "" && method !== "client_secret_basic") {
    throw wrongMethod(client, "client_secret_basic")
  }
  if (isPublic(client)) return client
  const secrets = [...(client.secret === undefined ? [] : [client.secret]), ...(client.formerSecrets ?? [])]
  if (!secrets.some((candidate) => timingSafeEqual(digest(candidate), digest(secret))))
    throw oauthErrorWithoutHint("invalid_client")
  return client
}
