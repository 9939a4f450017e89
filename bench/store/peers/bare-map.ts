import type { MakeStore } from "../peer.ts"

/** Makes the reference: a `Map` without a bound, which never evicts. */
export const make: MakeStore = async () => new Map()
