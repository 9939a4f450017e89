/** The definitions on tokens of the shapes that their vendors document or issue. No hosted vendor was called. */
import { describe, expect, test } from "vitest"
import { names } from "./definitions.ts"
import { documented } from "./documented-tokens.ts"
import { expectDocumented, forgedToken, judge } from "./judge.ts"

const rows = names.flatMap((name) => documented[name].tokens.map((token) => [name, token.name, token] as const))

describe("a definition judges", () => {
  test.each(rows)("%s: %s", async (name, _, token) => {
    expectDocumented(token, await judge(name, token))
  })

  test.each(rows.filter(([, , { opaque }]) => opaque === undefined))(
    "%s: %s is inactive, and the vendor is not asked, when its signature is forged",
    async (name, _, { expect: __, ...token }) => {
      const { state, asked } = await judge(name, { ...token, answer: { active: true } }, { token: forgedToken(token) })
      expect(state).toEqual({ active: false })
      expect(asked).toEqual([])
    },
  )
})
