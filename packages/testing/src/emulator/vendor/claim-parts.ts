/** What the profiles of several vendors share. */
import type { Claims, TokenFacts } from "./profile.ts"

/** The path of the metadata document, below the issuer. */
export const configuration = "/.well-known/openid-configuration"

/** The times of a JWT. */
export const times = ({ iat, exp }: TokenFacts): Claims => ({ iat, exp })

/** Joins scopes with spaces. */
export const words = (scopes: ReadonlyArray<string>): string => scopes.join(" ")

/** Returns what a scope of the request has between a beginning and an ending. */
export const inScope = (parameters: URLSearchParams, starts: string, ends: string): string | undefined =>
  parameters
    .get("scope")
    ?.split(" ")
    .find((scope) => scope.startsWith(starts) && scope.endsWith(ends))
    ?.slice(starts.length, -ends.length)
