/** The profile of a server's JWT access tokens, with every value set. */
import { algorithms } from "../../internal/jwa.ts"
import type { JwtProfile } from "../../ports/jwt-profile.ts"
import type { TokenProfile } from "../../ports/token-profile.ts"
import type { Settings } from "./configuration/settings.ts"
import { namesOf } from "./operations/introspection-members.ts"
import { type Server, tokenIssuers } from "./server.ts"

/** The types of RFC 9068 access tokens, of JWTs in general, and of a header without `typ`. */
const anyType = ["at+jwt", "jwt", ""]

/** The only type that no other kind of token has (RFC 9068 section 2.1). */
const standardType = ["at+jwt"]

/** Makes the profile. Where the signature is the only answer, the format must decide, also if it is the standard one. */
export const jwtProfile = (
  server: Server,
  { audience, clockSkew }: Pick<Settings, "audience" | "clockSkew">,
): JwtProfile => {
  const { token = {} } = server
  const { answers = "introspection", jwt } = token
  const names = namesOf(token)
  const hasFormat = jwt !== undefined || answers === "signature"
  return {
    answers,
    issuers: tokenIssuers(server),
    ...keyIssuersOf(token),
    algorithms: jwt?.algorithms ?? Object.keys(algorithms),
    types: jwt?.types ?? (hasFormat ? anyType : standardType),
    access: jwt?.access ?? [],
    forbidden: jwt?.forbidden ?? [],
    hasFormat,
    audience,
    audienceClaims: names.audience,
    client: names.client,
    clientUnsaid: token.clientUnsaid ?? false,
    // Only an introspection response could name it.
    audienceUnsaid: token.audienceUnsaid === true && answers !== "signature",
    scopes: names.scopes,
    machine: token.machine ?? [],
    ...(token.subjects !== undefined && { subjects: token.subjects }),
    clockSkew: clockSkew / 1000,
  }
}

const keyIssuersOf = ({ issuers = [] }: TokenProfile): Pick<JwtProfile, "keyIssuers"> => {
  const named = issuers.flatMap(({ issuer, keyIssuer }) => (keyIssuer === undefined ? [] : [[issuer, keyIssuer]]))
  return named.length === 0 ? {} : { keyIssuers: Object.fromEntries(named) }
}
