/** Secrets that a vendor has issued, in results. */
import * as Redacted from "effect/Redacted"

/** Wraps a secret in a result. Its printed form says how to read it, because it may be lost otherwise. */
export const issuedSecret = (value: string): Redacted.Redacted<string> =>
  Redacted.make(value, { label: "read it with Redacted.value of effect/Redacted" })
