import type { ClientValues } from "./client-json.ts"
import { oauthError } from "./errors.ts"
import { keysOf } from "./jwk-set.ts"

const defaultScope = "offline_access offline openid"
const signingAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]

const stringIn = (values: ClientValues, member: string): string => {
  const value = values[member]
  return typeof value === "string" ? value : ""
}

const listIn = (values: ClientValues, member: string): ReadonlyArray<string> => {
  const value = values[member]
  return Array.isArray(value) ? value : []
}

const parseUrl = (url: string) => (URL.canParse(url) ? new URL(url) : undefined)

/** Returns whether Go parses a URL as a request URI: it is absolute, or a path from the root. */
const parsesAsRequest = (url: string) => url.startsWith("/") || /^[a-zA-Z][a-zA-Z0-9+.-]*:./.test(url)

/** Returns whether Go parses a text as a URL. It does not if the text begins with a colon: the scheme is missing. */
const parsesAsUrl = (url: string) => !url.startsWith(":")

type Rule = (values: ClientValues) => string | undefined

const metadataRules: ReadonlyArray<Rule> = [
  (values) =>
    stringIn(values, "token_endpoint_auth_method") === "private_key_jwt" &&
    stringIn(values, "jwks_uri") === "" &&
    values.jwks === undefined
      ? "When token_endpoint_auth_method is 'private_key_jwt', either jwks or jwks_uri must be set."
      : undefined,
  (values) => {
    const algorithm = stringIn(values, "token_endpoint_auth_signing_alg")
    return stringIn(values, "token_endpoint_auth_method") === "private_key_jwt" &&
      algorithm !== "" &&
      !signingAlgorithms.includes(algorithm)
      ? "Only RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 and ES512 are supported as algorithms for private key authentication."
      : undefined
  },
  (values) =>
    stringIn(values, "jwks_uri") !== "" && values.jwks !== undefined
      ? "Fields jwks and jwks_uri can not both be set, you must choose one."
      : undefined,
  (values) => (keysOf(values.jwks)?.some(({ kty }) => kty === "oct") ? "Invalid JSON web key in set." : undefined),
  (values) =>
    stringIn(values, "client_secret") !== "" && stringIn(values, "client_secret").length < 6
      ? "Field client_secret must contain a secret that is at least 6 characters long."
      : undefined,
  (values) => {
    for (const origin of listIn(values, "allowed_cors_origins")) {
      const url = parseUrl(origin)
      if (url === undefined || !["https:", "http:"].includes(url.protocol)) {
        return `Origin URL ${origin} must use https:// or http:// as HTTP scheme.`
      }
      if (url.username !== "") return `Origin URL ${origin} has HTTP user and/or password set which is not allowed.`
      if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
        return `Origin URL ${origin} must have an empty path, query, and fragment but one of the parts is not empty.`
      }
    }
    return undefined
  },
  (values) =>
    ["", "none", "RS256"].includes(stringIn(values, "userinfo_signed_response_alg"))
      ? undefined
      : "Field userinfo_signed_response_alg can either be 'none' or 'RS256'.",
]

const laterRules: ReadonlyArray<Rule> = [
  (values) => {
    const type = stringIn(values, "subject_type")
    return type === "" || type === "public"
      ? undefined
      : `Subject type ${type} is not supported by server, only [public] are allowed.`
  },
  (values) => {
    const redirects = listIn(values, "redirect_uris").map(parseUrl)
    for (const target of listIn(values, "post_logout_redirect_uris")) {
      if (!parsesAsRequest(target)) return `Unable to parse post_logout_redirect_uri: ${target}`
      const url = parseUrl(target)
      const sharesOrigin = redirects.some(
        (redirect) =>
          redirect !== undefined &&
          url !== undefined &&
          redirect.protocol === url.protocol &&
          redirect.host === url.host,
      )
      if (!sharesOrigin) {
        return `post_logout_redirect_uri "${target}" must match the domain, port, scheme of at least one of the registered redirect URIs but did not'`
      }
    }
    return undefined
  },
  (values) => {
    const strategy = stringIn(values, "access_token_strategy")
    return ["", "jwt", "opaque"].includes(strategy)
      ? undefined
      : `invalid access token strategy: expected one of [jwt, opaque] but got ${strategy}`
  },
]

/** The server fetches the address, and compares the redirect URIs with the response. The emulator fetches nothing. */
const checkSector = (values: ClientValues) => {
  const uri = stringIn(values, "sector_identifier_uri")
  if (uri === "") return
  if (parsesAsUrl(uri)) throw oauthError("invalid_client_metadata")
  const reason = `parse "${uri}": missing protocol scheme`
  throw oauthError("invalid_client_metadata", `Value of sector_identifier_uri could not be parsed because ${reason}.`)
}

const applyRules = (rules: ReadonlyArray<Rule>, values: ClientValues) => {
  for (const rule of rules) {
    const problem = rule(values)
    if (problem !== undefined) throw oauthError("invalid_client_metadata", problem)
  }
}

/** Checks a client's members and adds the server's defaults. Throws the server's error response. */
export const validateClient = (ory: { readonly isV26: boolean }, values: ClientValues): ClientValues => {
  applyRules(metadataRules, values)
  if (ory.isV26 && !parsesAsUrl(stringIn(values, "logo_uri"))) throw oauthError("invalid_client_metadata")
  for (const redirect of listIn(values, "redirect_uris")) {
    if (!parsesAsRequest(redirect))
      throw oauthError("invalid_redirect_uri", `Unable to parse redirect URL: ${redirect}`)
    if (redirect.includes("#")) {
      throw oauthError("invalid_redirect_uri", "Redirect URIs must not contain fragments (#).")
    }
  }
  applyRules(laterRules, values)
  checkSector(values)
  return {
    ...values,
    scope: stringIn(values, "scope") || defaultScope,
    subject_type: "public",
    token_endpoint_auth_method: stringIn(values, "token_endpoint_auth_method") || "client_secret_basic",
    userinfo_signed_response_alg: stringIn(values, "userinfo_signed_response_alg") || "none",
  }
}
