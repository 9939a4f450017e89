import { importJwk } from "../jwt.ts"

const stringMembers = ["use", "kty", "kid", "crv", "alg", "k", "x", "y", "n", "e", "d", "p", "q", "dp", "dq", "qi"]
const binaryMembers = ["k", "x", "y", "n", "e", "d", "p", "q", "dp", "dq", "qi"]
const curves = ["P-256", "P-384", "P-521"]

const goKindOf = (value: unknown) =>
  Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value

const isBase64Url = (text: string) => /^[A-Za-z0-9_-]*$/.test(text) && text.length % 4 !== 1

const library = (message: string) => `go-jose/go-jose: ${message}`

/** Returns why the server's library rejects the members of one key type; `undefined` if it accepts them. */
const typeProblem = (jwk: Readonly<Record<string, unknown>>): string | undefined => {
  const { kty = "", crv = "", x, y, n, e } = jwk
  const isEmpty = (value: unknown) => (value ?? "") === ""
  switch (kty) {
    case "EC": {
      if (typeof crv !== "string" || !curves.includes(crv))
        return library(`unsupported elliptic curve '${String(crv)}'`)
      if (isEmpty(x) || isEmpty(y)) return library("invalid EC key, missing x/y values")
      return importJwk(jwk) === undefined ? library("invalid EC key, X/Y are not on declared curve") : undefined
    }
    case "RSA":
      return isEmpty(n) || isEmpty(e) ? library("invalid RSA key, missing n/e values") : undefined
    case "OKP":
      return crv === "Ed25519" && !isEmpty(x) ? undefined : library(`unknown curve ${String(crv)}'`)
    case "oct":
      return undefined
    default:
      return library(`unknown json web key type '${String(kty)}'`)
  }
}

const keyProblem = (key: unknown): string | undefined => {
  // To Go's decoder a null is an object without members.
  if (key === null) return typeProblem({})
  if (typeof key !== "object" || Array.isArray(key)) {
    return `json: cannot unmarshal ${goKindOf(key)} into Go value of type jose.rawJSONWebKey`
  }
  const jwk: Readonly<Record<string, unknown>> = { ...key }
  for (const name of stringMembers) {
    const value = jwk[name] ?? ""
    if (typeof value !== "string") return `json: cannot unmarshal ${goKindOf(value)} into Go value of type string`
    if (binaryMembers.includes(name) && !isBase64Url(value)) return "illegal base64 data at input byte 0"
  }
  return typeProblem(jwk)
}

/** Returns the error message of the server's decoder for the value of `jwks`; `undefined` if it accepts the value. */
export const keySetProblem = (keys: unknown): string | undefined => {
  if (keys === null) return undefined
  if (!Array.isArray(keys)) {
    const path = "JoseJSONWebKeySet.jwks.JSONWebKeySet.keys"
    return `json: cannot unmarshal ${goKindOf(keys)} into Go struct field ${path} of type []jose.JSONWebKey`
  }
  for (const key of keys) {
    const problem = keyProblem(key)
    if (problem !== undefined) return problem
  }
  return undefined
}

/** Returns the keys of a stored key set: `undefined` if its `keys` is absent or null. */
export const keysOf = (jwks: unknown): ReadonlyArray<Record<string, unknown>> | undefined =>
  typeof jwks === "object" && jwks !== null && "keys" in jwks && Array.isArray(jwks.keys) ? jwks.keys : undefined

const joseOrder = ["use", "kty", "kid", "crv", "alg", "x", "y", "n", "e"]

/** Renders a stored key set like the server, which writes `keys` as it was sent: a list, null or absent. */
export const renderKeySet = (jwks: unknown): Readonly<Record<string, unknown>> => {
  if (typeof jwks !== "object" || jwks === null || !("keys" in jwks)) return {}
  const keys = keysOf(jwks)?.map((jwk) =>
    Object.fromEntries(joseOrder.filter((name) => name in jwk).map((name) => [name, jwk[name]])),
  )
  return { keys: keys ?? null }
}
