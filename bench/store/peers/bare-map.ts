import type { MakeStore } from "../peer.ts"

/** The reference: no bound, so nothing is ever driven out. */
export const make: MakeStore = async () => new Map()
