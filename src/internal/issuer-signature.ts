/** The function with which a logout verifies a token with the keys of a client of latchkey. */

/** The member of a client that verifies signatures of its issuers. A registered symbol, as `endSessionsOf` is. */
export const issuerSignatureOf: unique symbol = Symbol.for("latchkey/issuer-signature") as typeof issuerSignatureOf

/** What selects the key of a signature. */
export interface SignatureHeader {
  readonly algorithm: string
  readonly keyId: string | undefined
}

/** The signed text of a JWT, header and payload, and its signature. */
export interface Signed {
  readonly signed: string
  readonly signature: string
}

export interface IssuerSignature {
  /** The issuers of the client, compared with `iss` as strings, exactly. */
  readonly issuers: ReadonlyArray<string>
  /**
   * Verifies a signature with the published keys of an issuer; `"unknown-key"` if its key set lacks the key.
   *
   * Rejects with an `AuthError` if the key set cannot be fetched, and with the signal's reason if it is aborted.
   */
  readonly verify: (
    issuer: string,
    header: SignatureHeader,
    text: Signed,
    signal: AbortSignal,
  ) => Promise<boolean | "unknown-key">
}
