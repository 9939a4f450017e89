/** The entry of the logout handler, without a framework. */

export { type MemoryReplayStore, memoryReplayStore, type ReplayStore } from "../guard/replay.ts"
export type { LogoutToken } from "./logout-token.ts"
export { nodeBackChannelLogout } from "./node.ts"
export type { LogoutClient, LogoutOptions } from "./options.ts"
export type { Outcome } from "./outcomes.ts"
export { backChannelLogout } from "./web.ts"
