import type { TokenState } from "latchkey"
import { expect, test } from "vitest"
import { originalOf, withOriginal } from "../../src/internal/source-text.ts"

const answer = (): TokenState => ({ active: false })

const original = { bytes: 1, again: answer }

test("what an answer was read from is known of that answer alone", () => {
  const read = withOriginal(answer(), original)
  expect(originalOf(answer())).toBeUndefined()
  expect(originalOf(withOriginal(read, original))).toBe(original)
})

test("what an answer was read from is known until it was asked for, or another one was read", () => {
  const first = withOriginal(answer(), original)
  expect(originalOf(first)).toBe(original)
  expect(originalOf(first)).toBeUndefined()
  const second = withOriginal(answer(), original)
  withOriginal(answer(), { ...original })
  expect(originalOf(second)).toBeUndefined()
})
