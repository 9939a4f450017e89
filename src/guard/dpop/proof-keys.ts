/** The keys of DPoP proofs, which come with each proof. */
import { signatures } from "#signature"
import type { VerificationKey } from "../../ports/signature.ts"
import { type ProofHeader, thumbprintOf } from "./proof-form.ts"

/** A key that is ready to verify proofs with one header. */
export interface ProofKey {
  /** The encoded header. */
  readonly header: string
  readonly verifies: VerificationKey["verifies"]
  /** The thumbprint of the key. */
  readonly jkt: string
}

/** Imports the key of a header; `undefined` for a key that is unusable or too weak. */
export const importProofKey = async (encoded: string, header: ProofHeader): Promise<ProofKey | undefined> => {
  const key = await signatures.importKey(header.jwk, header.algorithm)
  // Copied: a slice keeps the whole proof in memory.
  return key && { header: Array.from(encoded).join(""), verifies: key.verifies, jkt: await thumbprintOf(header) }
}

/** The most keys that are remembered, and the longest header: 4 MB in all. */
const maxKeys = 2000
const maxHeaderLength = 2048

/**
 * Remembers keys by the header that they came in. A key is added only after a token was bound to it, so that a
 * stranger's keys displace no others; the key that was used least recently is forgotten first.
 */
export class ProofKeys {
  readonly #keys = new Map<string, ProofKey>()

  find(header: string): ProofKey | undefined {
    return this.#keys.get(header)
  }

  remember(key: ProofKey): void {
    const { header } = key
    if (header.length > maxHeaderLength) return
    this.#keys.delete(header)
    this.#keys.set(header, key)
    const [oldest] = this.#keys.keys()
    if (this.#keys.size > maxKeys && oldest !== undefined) this.#keys.delete(oldest)
  }
}
