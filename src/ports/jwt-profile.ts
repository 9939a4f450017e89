/** What a vendor's JWT access tokens look like: data that local validation reads. */
import * as Context from "effect/Context"

/** The profile of one configured server's access tokens (RFC 9068, and where a vendor departs from it). */
export interface JwtProfile {
  /** Compared as a string, exactly. */
  readonly issuer: string
  /** Signature algorithms allowed; asymmetric ones only. */
  readonly algorithms: ReadonlyArray<string>
  /** Values of the `typ` header allowed, in lower case; `""` allows its absence. */
  readonly types: ReadonlyArray<string>
  /** The audiences of which a token must have one; `"any"` waives that. Absent: nothing can be validated locally. */
  readonly audience: ReadonlyArray<string> | "any" | undefined
  /** Seconds that the clocks may differ by. */
  readonly clockSkew: number
  /** Claims that an access token always has. */
  readonly required: ReadonlyArray<string>
  /** Claims that only another kind of token has, such as an ID token. */
  readonly forbidden: ReadonlyArray<string>
  /** The claim that names the client. */
  readonly clientId: string
  /** The claims that list scopes, as an array or separated by spaces; all of them together count. */
  readonly scopes: ReadonlyArray<string>
}

/** Whether a call asks about a token whose checked signature names an audience that is wanted. */
export const AudienceIsSigned = Context.Reference<boolean>("latchkey/AudienceIsSigned", { defaultValue: () => false })
