/** Verifying other tokens of the issuers than access tokens, with the keys that local validation has. */
import * as Effect from "effect/Effect"
import type { IssuerSignature } from "../../internal/issuer-signature.ts"
import { AuthError } from "../../ports/errors.ts"
import type { Identity } from "../../ports/provider.ts"
import { makeRuntime, run } from "../run.ts"
import type { KeysOf } from "./local-validation.ts"

type Verdict = Awaited<ReturnType<IssuerSignature["verify"]>>

/** Makes the verification. The keys are those of the client: one request for the key set serves access tokens too. */
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
