/** The three clients that a fleet takes. */
import { Redis as Ioredis } from "ioredis"
import { Redis as Iovalkey } from "iovalkey"
import { fleet, type RedisClient, type RedisFleet } from "latchkey/redis"
import { createClient } from "redis"

/** A client, and how it is closed. */
export interface OpenClient {
  readonly client: RedisClient
  readonly close: () => Promise<void>
}

export const secret = "the secret of a fleet, which has more than 32 bytes"

const quietly = () => undefined

const once = (client: { readonly once: (event: "ready", listener: () => void) => unknown }): Promise<void> =>
  new Promise((resolve) => client.once("ready", () => resolve()))

/** Opens a connected client of each package. */
export const clients = {
  redis: async (port: number): Promise<OpenClient> => {
    const client = createClient({ socket: { host: "127.0.0.1", port }, disableOfflineQueue: true })
    client.on("error", quietly)
    await client.connect()
    return { client, close: async () => client.destroy() }
  },
  ioredis: async (port: number): Promise<OpenClient> => {
    const client = new Ioredis({ host: "127.0.0.1", port, enableOfflineQueue: false })
    client.on("error", quietly)
    await once(client)
    return { client, close: async () => client.disconnect() }
  },
  iovalkey: async (port: number): Promise<OpenClient> => {
    const client = new Iovalkey({ host: "127.0.0.1", port, enableOfflineQueue: false })
    client.on("error", quietly)
    await once(client)
    return { client, close: async () => client.disconnect() }
  },
} as const

export type ClientName = keyof typeof clients

export const clientNames = Object.keys(clients) as ReadonlyArray<ClientName>

/** Opens a fleet over a client of its own. */
export const openFleet = async (
  port: number,
  name: ClientName = "redis",
  options: Partial<Parameters<typeof fleet>[0]> = {},
): Promise<RedisFleet & { readonly client: RedisClient }> => {
  const { client, close } = await clients[name](port)
  const shared = fleet({ client, secret, ...options })
  const end = async () => {
    await shared.close()
    await close()
  }
  return { ...shared, client, close: end, [Symbol.asyncDispose]: end }
}
