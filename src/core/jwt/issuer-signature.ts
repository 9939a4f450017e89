/** Verifies tokens of the issuers that are not access tokens, with the keys of local validation. */
import * as Effect from "effect/Effect"
import type { IssuerSignature } from "../../internal/issuer-signature.ts"
import { AuthError } from "../../ports/errors.ts"
import type { Identity } from "../../ports/provider.ts"
import { makeRuntime, run } from "../run.ts"
import type { KeysOf } from "./local-validation.ts"

type Verdict = Awaited<ReturnType<IssuerSignature["verify"]>>

/** Makes the verification. It shares the key sets, and the requests for them, with the validation of access tokens. */
export const issuerSignature = (
  { id }: Pick<Identity, "id">,
  issuers: ReadonlyArray<string>,
  keysOf: KeysOf,
): IssuerSignature => {
  const runtime = makeRuntime()
  const verify: IssuerSignature["verify"] = (issuer, { algorithm, keyId }, { signed, signature }, signal) => {
    const header = { algorithm, keyId, type: "", fields: {} }
    const verified = Effect.flatMap(keysOf(issuer).get(header), (key): Effect.Effect<Verdict, AuthError> => {
      if (key === undefined) return Effect.succeed("unknown-key")
      if ("ambiguous" in key)
        return Effect.fail(
          new AuthError({
            provider: id,
            operation: "metadata.keys",
            reason: { _tag: "UnexpectedResponse", path: "keys", detail: key.ambiguous },
          }),
        )
      const result = key.verifies(signed, signature)
      return typeof result === "boolean" ? Effect.succeed(result) : Effect.promise(() => result)
    })
    return run(verified, verify, runtime, false, signal)
  }
  return { issuers, verify }
}
