/** The profile of one configured server's JWT access tokens, which local validation reads. */
import type { Answers, TokenProfile, When } from "./token-profile.ts"

/** Every value is set. Names of claims have the meaning of `TokenProfile`. */
export interface JwtProfile extends Pick<TokenProfile, "subjects"> {
  readonly answers: Answers
  /** Compared with `iss` as strings, exactly. */
  readonly issuers: ReadonlyArray<string>
  /** The name of an issuer in its keys, by issuer, if it differs from the issuer. */
  readonly keyIssuers?: Readonly<Record<string, string>>
  readonly algorithms: ReadonlyArray<string>
  readonly types: ReadonlyArray<string>
  readonly access: ReadonlyArray<When>
  readonly forbidden: ReadonlyArray<string>
  /**
   * Whether the format of access tokens is known, so that a JWT of another format is no access token. Otherwise only the
   * server can tell, and a JWT of another format is rejected only where the signature alone decides.
   */
  readonly hasFormat: boolean
  /** A token must have one of these audiences; `"any"` accepts every token. Absent: the audience is not checked. */
  readonly audience: ReadonlyArray<string> | "any" | undefined
  readonly audienceClaims: ReadonlyArray<string>
  readonly client: ReadonlyArray<string>
  readonly clientUnsaid: boolean
  readonly audienceUnsaid: boolean
  readonly scopes: ReadonlyArray<string>
  readonly machine: ReadonlyArray<When>
  /** The accepted difference between the clocks, in seconds. */
  readonly clockSkew: number
}
