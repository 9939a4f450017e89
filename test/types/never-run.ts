import { expect } from "vitest"

/** Code that only the compiler looks at: it is checked by `tsc`, and never runs. */
export const compiled = (code: () => unknown): void => expect(code).toBeTypeOf("function")
