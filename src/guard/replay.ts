/** Remembering spent proofs (RFC 9449 section 11.1). */

/** A store of spent proofs. A store that all processes share implements it over a network. */
export interface ReplayStore {
  /**
   * Remembers a key until a time, unless it is there already.
   *
   * @param key what identifies the proof: the thumbprint of its key, and its `jti`
   * @param until milliseconds since 1970, after which the proof is too old anyway
   *
   * Rejects if the store cannot be reached: the request is answered with 503.
   */
  readonly reserve: (key: string, until: number) => Promise<"fresh" | "seen">
}
