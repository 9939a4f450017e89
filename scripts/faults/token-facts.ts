import type { Fault } from "./fault.ts"

const facts = "src/internal/token-facts.ts"
const request = "src/adapters/oidc/operations/audience-request.ts"
const audiences = ["test/token/audience-argument.test.ts"]
const rows = ["test/token/error-rows.test.ts"]
const answers = ["test/token/answers.test.ts"]
const others = ["test/token/other-tokens.test.ts"]

const planted =
  (file: string, tests: Fault["tests"]) =>
  (name: string, find: string, replace: string): Fault => ({ name, file, find, replace, tests })

const fact = planted(facts, ["test/token/facts.test.ts"])
const named = planted(request, audiences)
const revoked = planted("src/adapters/oidc/operations/revocation.ts", rows)
const requests = ["test/token/preset-requests.test.ts"]
const row = planted("src/adapters/oidc/http/error-response.ts", rows)
const configured = planted("src/adapters/oidc/configuration/error-rows.ts", rows)
const fresh = planted("src/core/jwt/freshness.ts", answers)

/** The facts of a token, the audience of a request, the rows that end in a result, and the rules of every server. */
export const tokenFactFaults: ReadonlyArray<Fault> = [
  fact("a bound token has no confirmation", "if (confirmation !== undefined) token", "if (false) token"),
  fact("the thumbprint of a DPoP key is lost", "...(typeof jkt === ", "...(typeof jkt !== "),
  fact("the thumbprint of a certificate is lost", "...(typeof x5tS256 === ", "...(typeof x5tS256 !== "),
  fact("a binding of another type counts as none", 'if (cnf === null || cnf === "")', 'if (typeof cnf !== "object")'),
  fact("a binding that is null is a binding", 'cnf === null || cnf === ""', 'cnf === ""'),
  fact("acr is not read", 'if (typeof acr === "string" && acr !== "")', "if (false)"),
  fact("an empty acr is a class", ' && acr !== ""', ""),
  fact("sid is not read", 'if (typeof sid === "string" && sid !== "")', "if (false)"),
  fact("a sid of another type is a session", 'if (typeof sid === "string" && sid !== "")', 'if (sid !== "")'),
  fact("authorization_details is not read", "if (Array.isArray(details) &&", "if (details === 0 &&"),
  fact("details without a type are details", " && details.every(isDetail)", ""),
  fact("auth_time is not read", 'typeof time === "number" && time > 0', 'typeof time === "boolean" && time > 0'),
  fact("auth_time out of range is an invalid date", " && time <= 8.64e12", ""),
  fact("auth_time is in milliseconds", "new Date(time * 1000)", "new Date(time)"),
  planted("src/core/jwt/identification.ts", ["test/token/facts.test.ts"])(
    "the signed claims have no time of the login",
    "if (authTime !== undefined) token",
    "if (false) token",
  ),
  planted("src/adapters/oidc/operations/introspection-response.ts", ["test/token/facts.test.ts"])(
    "the introspection response has no time of the login",
    "if (authTime !== undefined) token",
    "if (false) token",
  ),
  planted("src/core/policies/cached-introspection.ts", ["test/token/facts.test.ts"])(
    "a caller can change the time of the login in a cached state",
    "{ issuedAt, notBefore, expiresAt, authTime }",
    "{ issuedAt, notBefore, expiresAt }",
  ),

  named("the parameter audience is sent as resource", "=> [audienceParameter, each]", '=> ["resource", each]'),
  named("the parameter resource is sent as audience", "=> [audienceParameter, each]", '=> ["audience", each]'),
  named("the scope of an audience is sent as its template", '.replaceAll("{audience}", each)', ""),
  named(
    "only the first audience is sent in a parameter",
    "parameters: audience.map(",
    "parameters: audience.slice(0, 1).map(",
  ),
  named("only the first audience is sent in a scope", "{ scopes: audience.map(", "{ scopes: audience.slice(0, 1).map("),
  planted("src/adapters/oidc/arguments/reject-argument.ts", audiences)(
    "an audience is sent to a server that has no parameter for it",
    "needsAudience ? ",
    "needsAudience && argument === undefined ? ",
  ),

  revoked("a token is sent to a server without revocation", 'if (revokes === "nothing")', 'if (revokes === "none")'),
  revoked("a JWT is sent to a server that revokes none", 'token.startsWith("eyJ")', 'token.startsWith("ey.")'),
  revoked("a JWT is not sent to a server that revokes any token", 'revokes !== "any" && ', ""),
  revoked("an opaque token is not sent to a server that revokes no JWT", ' && token.startsWith("eyJ")', ""),
  revoked('a row that ends in "Done" is an error', '?.reason === "Done"', '?.reason === "Inactive"'),
  planted("src/adapters/oidc/operations/introspection.ts", rows)(
    'a row that ends in "Inactive" is an error',
    '?.reason === "Inactive"',
    '?.reason === "Done"',
  ),
  planted("src/adapters/oidc/operations/introspection.ts", rows)(
    "any row of the error table makes a token inactive",
    'errorRow(response, "introspect", server)?.reason === "Inactive"',
    "response.status === 401",
  ),
  row("the status of a row is not compared", ": row.status === response.status", ": true"),
  row("the code of a row is not compared", "codes.includes(row.code)", "true"),
  planted("src/adapters/oidc/http/error-response.ts", requests)(
    "the operations of a row are not compared",
    "row.operations.includes(operation)",
    "true",
  ),
  configured('a row that ends in "Inactive" needs no operation', 'Inactive: "introspect", ', ""),
  configured('a row that ends in "Done" needs no operation', ', Done: "revoke"', ""),
  configured('a row that ends in "Done" may list other operations', "listed?.length === 1 && ", ""),

  fresh(
    'freshness "live" is ignored where the signature is the only answer',
    'options?.freshness === "live"',
    "options === null",
  ),
  planted("src/core/jwt/validate-jwt.ts", others)(
    "an opaque token is not sent where a JWT is verified first",
    'if (!isJwt(token)) return mode === "sign" ?',
    'if (!isJwt(token)) return jwt.answers !== "introspection" ?',
  ),
  planted("src/internal/token-kind.ts", others)(
    "a server that names the kind is not believed with hint",
    "return contradicted(subject) ?? expect",
    "return expect",
  ),
  planted("src/core/jwt/claims.ts", others)(
    "a token of any issuer is accepted",
    'typeof iss !== "string" || !profile.issuers.includes(iss)',
    'typeof iss !== "string"',
  ),
  planted("src/adapters/oidc/configuration/token-settings.ts", ["test/token/environment.test.ts"])(
    "a configuration may list HS256",
    "z.enum(Object.keys(algorithms))",
    'z.enum([...Object.keys(algorithms), "HS256"])',
  ),
]
