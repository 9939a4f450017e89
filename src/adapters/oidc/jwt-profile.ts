/** The profile of a server's JWT access tokens, with every value set. */
import { algorithms } from "../../internal/jwa.ts"
import type { JwtProfile } from "../../ports/jwt-profile.ts"
import type { TokenProfile } from "../../ports/token-profile.ts"
import type { Settings } from "./configuration/settings.ts"
import { namesOf } from "./operations/introspection-members.ts"
import { type Server, tokenIssuers } from "./server.ts"

/** The types of RFC 9068 access tokens, of JWTs in general, and of a header without `typ`. */
const anyType = ["at+jwt", "jwt", ""]

/** Makes the profile. Where the signature is the only answer, the format must decide, also if it is the standard one. */
export const jwtProfile = (
  server: Server,
  { audience, clockSkew }: Pick<Settings, "audience" | "clockSkew">,
): JwtProfile => {
  const { token = {} } = server
  const { answers = "introspection", jwt } = token
  const names = namesOf(token)
  return {
    answers,
    issuers: tokenIssuers(server),
    ...keyIssuersOf(token),
    algorithms: jwt?.algorithms ?? Object.keys(algorithms),
    types: jwt?.types ?? anyType,
    access: jwt?.access ?? [],
    forbidden: jwt?.forbidden ?? [],
    hasFormat: jwt !== undefined || answers === "signature",
    audience,
    audienceClaims: names.audience,
    client: names.client,
    clientUnsaid: token.clientUnsaid ?? false,
    // Without an introspection response, no one names it.
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
