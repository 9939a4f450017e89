import { boundedStore } from "../../../src/core/policies/bounded-store.ts"
import type { MakeStore } from "../peer.ts"

/** Makes the bounded store of latchkey's policies from its source, because no entry of the package exports it. */
export const make: MakeStore = async (entries) => boundedStore({ entries, bytes: Number.MAX_SAFE_INTEGER })
