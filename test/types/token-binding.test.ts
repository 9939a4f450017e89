import type { AnyAuth, IntrospectOptions } from "latchkey"
import { describe, test } from "vitest"
import { compiled } from "./never-run.ts"

describe("the option binding of introspect", () => {
  test("takes the thumbprints of a key and of a certificate, each of which may be undefined", () =>
    compiled(() => (auth: AnyAuth, jkt: string | undefined) => {
      auth.introspect("token", { binding: {} })
      auth.introspect("token", { binding: { jkt } })
      auth.introspect("token", { binding: { jkt, x5tS256: "b" }, freshness: "live" })
    }))

  test("takes no other member, and is not undefined", () =>
    compiled(() => {
      // @ts-expect-error the claim's name is not the member's
      const claim: IntrospectOptions = { binding: { "x5t#S256": "b" } }
      // @ts-expect-error a forgotten proof is not an absent option
      const forgotten: IntrospectOptions = { binding: undefined }
      return [claim, forgotten]
    }))
})
