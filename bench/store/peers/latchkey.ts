import type { MakeStore } from "../peer.ts"

/** The store below latchkey's policies, which is no entry of the package: it is found beside the one that is. */
export const make: MakeStore = async (entries) => {
  const file = new URL("core/bounded-store.js", import.meta.resolve("latchkey"))
  const { boundedStore }: typeof import("../../../src/core/policies/bounded-store.ts") = await import(file.href)
  return boundedStore({ entries, bytes: Number.MAX_SAFE_INTEGER })
}
