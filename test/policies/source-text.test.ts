import type { TokenState } from "latchkey"
import { expect, test } from "vitest"
import { sourceTextOf, withSourceText } from "../../src/internal/source-text.ts"

const result = (): TokenState => ({ active: false })

const original = { bytes: 1, reparse: result }

test("the source text belongs to one result only", () => {
  const withSource = withSourceText(result(), original)
  expect(sourceTextOf(result())).toBeUndefined()
  expect(sourceTextOf(withSourceText(withSource, original))).toBe(original)
})

test("the source text is available once, and only until the next result is parsed", () => {
  const first = withSourceText(result(), original)
  expect(sourceTextOf(first)).toBe(original)
  expect(sourceTextOf(first)).toBeUndefined()
  const second = withSourceText(result(), original)
  withSourceText(result(), { ...original })
  expect(sourceTextOf(second)).toBeUndefined()
})
