/** The parts of a Redis or Valkey client that a fleet uses. */
import type { Issue } from "../ports/errors.ts"

type Listener = (...args: ReadonlyArray<unknown>) => void

/** A client of the package `redis`, as `createClient` makes it. */
export interface NodeRedisClient {
  readonly sendCommand: (args: ReadonlyArray<string>) => Promise<unknown>
  readonly duplicate: () => NodeRedisSubscriber
  readonly on: (event: string, listener: Listener) => unknown
  readonly off: (event: string, listener: Listener) => unknown
  readonly listenerCount?: (event: string) => number
  readonly isReady: boolean
  readonly options?: { readonly disableOfflineQueue?: boolean | undefined } | undefined
}

interface NodeRedisSubscriber {
  readonly on: (event: string, listener: Listener) => unknown
  readonly connect: () => Promise<unknown>
  readonly subscribe: (channel: string, listener: (message: string) => void) => Promise<unknown>
  readonly destroy: () => void
}

/** A client of the package `ioredis` or `iovalkey`: `new Redis()`. */
export interface IoredisClient {
  readonly call: (command: string, ...args: ReadonlyArray<string>) => Promise<unknown>
  readonly duplicate: (override?: { readonly lazyConnect: boolean }) => IoredisSubscriber
  readonly on: (event: string, listener: Listener) => unknown
  readonly off: (event: string, listener: Listener) => unknown
  readonly status: string
  readonly options: { readonly enableOfflineQueue?: boolean | undefined; readonly keyPrefix?: unknown }
}

interface IoredisSubscriber {
  readonly on: (event: string, listener: Listener) => unknown
  readonly connect: () => Promise<unknown>
  readonly subscribe: (channel: string) => Promise<unknown>
  readonly disconnect: () => void
}

/** A client of `redis`, `ioredis` or `iovalkey`. */
export type RedisClient = NodeRedisClient | IoredisClient

/** The events of a subscription. */
export interface SubscriptionEvents {
  readonly onMessage: (message: string) => void
  /** The connection broke, or an attempt to connect failed. */
  readonly onBreak: () => void
  readonly onSubscribed: () => void
}

/** The functions of a client that a fleet uses. */
export interface Connection {
  readonly send: (args: ReadonlyArray<string>) => Promise<unknown>
  /** Calls a listener when the connection breaks. Returns a function that removes it, and leaves no client that throws. */
  readonly onBreak: (listener: () => void) => () => void
  /**
   * Calls a listener when the connection is ready, at once if it is ready already. Returns a function that removes it.
   */
  readonly onReady: (listener: () => void) => () => void
  /** Subscribes to a channel over a connection of its own. Returns a function that closes that connection. */
  readonly subscribe: (channel: string, events: SubscriptionEvents) => () => void
}

const has = (value: object, name: string): boolean => typeof Reflect.get(value, name) === "function"

const isIoredis = (client: RedisClient): client is IoredisClient => has(client, "call")

/** Returns the problems of a client. */
export const clientProblems = (client: unknown): ReadonlyArray<Issue> => {
  const problem = (message: string, path = "client") => [{ path, message }]
  if (typeof client !== "object" || client === null || !has(client, "duplicate") || !has(client, "on"))
    return problem("expected a client of redis, ioredis or iovalkey")
  const { isCluster, options, masters, keyPrefix } = { ...membersOf(client) }
  if (isCluster === true || masters !== undefined)
    return problem("expected a client of one server, found a client of a cluster: connect to one primary")
  if (has(client, "call")) {
    const offlineQueue = options?.enableOfflineQueue !== false
    return [
      ...(offlineQueue
        ? problem(offlineQueueOff("enableOfflineQueue: false"), "client.options.enableOfflineQueue")
        : []),
      ...(keyPrefix
        ? problem('expected no keyPrefix: use the option "prefix" of the fleet', "client.options.keyPrefix")
        : []),
    ]
  }
  if (!has(client, "sendCommand")) return problem("expected a client of redis, ioredis or iovalkey")
  return options?.disableOfflineQueue === true
    ? []
    : problem(offlineQueueOff("disableOfflineQueue: true"), "client.options.disableOfflineQueue")
}

const offlineQueueOff = (option: string): string =>
  `expected a client without an offline queue, in which commands wait while the server is unreachable: make it with { ${option} }`

interface Members {
  readonly isCluster?: unknown
  readonly masters?: unknown
  readonly options?: { readonly enableOfflineQueue?: unknown; readonly disableOfflineQueue?: unknown } | undefined
  readonly keyPrefix?: unknown
}

const membersOf = (client: object): Members => {
  const options: unknown = Reflect.get(client, "options")
  return {
    isCluster: Reflect.get(client, "isCluster"),
    masters: Reflect.get(client, "masters"),
    options: typeof options === "object" && options !== null ? options : undefined,
    keyPrefix: typeof options === "object" && options !== null ? Reflect.get(options, "keyPrefix") : undefined,
  }
}

/** The events of both kinds of client that mean a broken connection. */
const breaks = ["error", "reconnecting", "end", "close"]

type Emitter = Pick<RedisClient, "on" | "off">

const onEach = (events: ReadonlyArray<string>, client: Emitter, listener: () => void): (() => void) => {
  for (const event of events) client.on(event, listener)
  return () => {
    for (const event of events) client.off(event, listener)
  }
}

/**
 * A client of `redis` without a listener for `error` ends the process when its connection breaks. The fleet had such a
 * listener: if the application has none, a listener that does nothing remains. The other clients write such an error to the
 * console.
 */
const keepErrorListener = (client: RedisClient): void => {
  if (!isIoredis(client) && client.listenerCount?.("error") === 0) client.on("error", ignore)
}

const onBreak = (client: RedisClient, listener: () => void): (() => void) => {
  const remove = onEach(breaks, client, listener)
  return () => {
    remove()
    keepErrorListener(client)
  }
}

const onReady = (client: RedisClient, listener: () => void): (() => void) => {
  const isReady = isIoredis(client) ? client.status === "ready" : client.isReady
  if (isReady) listener()
  return onEach(["ready"], client, listener)
}

/** Returns the code of an error that is a reply of the server: its text begins with capitals, as `OOM` or `ERR`. */
export const errorReplyOf = (error: unknown): string | undefined =>
  error instanceof Error ? /^[A-Z][A-Z0-9_]+(?=\s|$)/.exec(error.message)?.[0] : undefined

/** Makes the functions of a client that {@link clientProblems} accepts. */
export const connectionOf = (client: RedisClient): Connection => ({
  send: isIoredis(client)
    ? ([command = "", ...args]) => client.call(command, ...args)
    : (args) => client.sendCommand(args),
  onBreak: (listener) => onBreak(client, listener),
  onReady: (listener) => onReady(client, listener),
  subscribe: isIoredis(client) ? subscribeWithIoredis(client) : subscribeWithNodeRedis(client),
})

/** The client repeats a failed subscription when it has reconnected. */
const ignore = () => undefined

const subscribeWithIoredis =
  (client: IoredisClient): Connection["subscribe"] =>
  (channel, events) => {
    const subscriber = client.duplicate({ lazyConnect: true })
    for (const event of breaks) subscriber.on(event, events.onBreak)
    subscriber.on("ready", () => void subscriber.subscribe(channel).then(events.onSubscribed, ignore))
    subscriber.on("message", (_, message) => events.onMessage(String(message)))
    subscriber.connect().catch(ignore)
    return () => subscriber.disconnect()
  }

const subscribeWithNodeRedis =
  (client: NodeRedisClient): Connection["subscribe"] =>
  (channel, events) => {
    const subscriber = client.duplicate()
    for (const event of breaks) subscriber.on(event, events.onBreak)
    subscriber.on("ready", () => void subscriber.subscribe(channel, events.onMessage).then(events.onSubscribed, ignore))
    subscriber.connect().catch(ignore)
    return () => subscriber.destroy()
  }
