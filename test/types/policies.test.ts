import { describe, expectTypeOf, test } from "vitest"
import type { Unplaced } from "../../src/core/policies/compose.ts"
import type { Layer } from "../../src/core/policies/layer.ts"
import type { Policies } from "../../src/ports/policies.ts"
import { compiled } from "./never-run.ts"

describe("the composition of policies", () => {
  test("has a place for every member of Policies", () => {
    expectTypeOf<Unplaced<Policies>>().toBeNever()
  })

  test("does not compile with a member of Policies that has no place", () => {
    interface MorePolicies extends Policies {
      readonly hedging?: false
    }
    expectTypeOf<Unplaced<MorePolicies>>().toEqualTypeOf<"hedging">()
    compiled(() => {
      // @ts-expect-error `hedging` has no place
      const places: Record<Unplaced<MorePolicies>, never> = {}
      return places
    })
  })
})

describe("a layer", () => {
  test("always has `call`", () => {
    expectTypeOf<Layer>().toHaveProperty("call")
    expectTypeOf<Omit<Layer, "call">>().not.toExtend<Layer>()
  })
})
