/** The entry of the fleet: processes that share answers and revocations over Redis or Valkey. */

export type * from "../ports/fleet.ts"
export type { IoredisClient, NodeRedisClient, RedisClient } from "./client.ts"
export { fleet, type RedisFleet } from "./fleet.ts"
export type { FleetOptions, ReplayStoreOptions } from "./options.ts"
