import type { Make } from "../peer.ts"

/** Sends no request: the cost of the process and the harness alone, as a baseline for cold starts. */
export const make: Make = async () => ({
  call: async () => ({ active: true }),
  close: async () => {},
})
