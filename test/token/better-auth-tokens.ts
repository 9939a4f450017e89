/** Tokens of the shapes that a real Better Auth 1.7.5 issues, and its introspection responses. Values are made up. */
import { now } from "../jwt/signing-keys.ts"
import type { DocumentedToken, Json } from "./documented-token.ts"

export const betterAuthIssuer = "https://app.example/api/auth"
const inactive = "inactive" as const
const header = { typ: "at+jwt" }

const user: Json = {
  ...{ iss: betterAuthIssuer, sub: "user-1", aud: "https://api.example", client_id: "web", azp: "web", sid: "s1" },
  ...{ scope: "openid read", jti: "t1", iat: now - 60, exp: now + 3600 },
}
const { sub: _, sid: __, ...machine } = user

/** The response has the members of the token, and nothing that tells its kind. */
const answered = (claims: Json): Json => ({ ...claims, active: true, token_type: "Bearer" })

const algorithms = ["EdDSA", "ES256", "ES512", "PS256", "RS256"]

export const betterAuthTokens: ReadonlyArray<DocumentedToken> = [
  ...algorithms.map((algorithm) => ({
    name: `a user's JWT, signed with ${algorithm}`,
    ...{ algorithm, header, claims: user, answer: answered(user) },
    expected: {
      ...{ subject: "user-1", subjectType: "user", clientId: "web", scopes: ["openid", "read"], sessionId: "s1" },
    },
  })),
  ...["ES384", "PS384"].map((algorithm) => ({
    name: `a JWT signed with ${algorithm}, which Better Auth does not have`,
    ...{ algorithm, header, claims: user, answer: answered(user), expected: inactive },
  })),
  {
    name: "a machine's JWT",
    ...{ header, claims: machine, answer: answered(machine) },
    expected: { subjectType: "client", clientId: "web" },
  },
  { name: "a JWT of another type", header: { typ: "JWT" }, claims: user, answer: answered(user), expected: inactive },
  {
    name: "a JWT that was revoked with its session",
    header,
    claims: user,
    answer: { active: false },
    expected: inactive,
  },
  {
    name: "an opaque token",
    ...{ claims: {}, opaque: "opaqueopaqueopaqueopaque", answer: answered(user) },
    expected: { use: "access_token", subject: "user-1", subjectType: "user" },
  },
  {
    name: "a refresh token, where one is expected",
    ...{ claims: {}, opaque: "refreshrefreshrefresh", expect: "refresh_token", answer: answered(user) },
    expected: { use: "refresh_token", subject: "user-1" },
  },
]
