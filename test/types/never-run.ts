import { expect } from "vitest"

/** Code that `tsc` checks and that never runs. */
export const compiled = (code: () => unknown): void => expect(code).toBeTypeOf("function")
