import type { MakeStore } from "../peer.ts"

/** Makes the bounded store of latchkey's policies, which is not an entry of the package, from the built files. */
export const make: MakeStore = async (entries) => {
  const file = new URL("core/policies/bounded-store.js", import.meta.resolve("latchkey"))
  const { boundedStore }: typeof import("../../../src/core/policies/bounded-store.ts") = await import(file.href)
  return boundedStore({ entries, bytes: Number.MAX_SAFE_INTEGER })
}
