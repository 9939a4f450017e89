/** The options of a fleet. */

import type { Redacted } from "effect/Redacted"
import { isRedacted, value } from "effect/Redacted"
import { durationExpected, millisOf } from "../internal/duration.ts"
import type { DurationInput } from "../ports/duration.ts"
import type { Issue } from "../ports/errors.ts"
import { clientProblems, type RedisClient } from "./client.ts"

/** The options of `fleet`. */
export interface FleetOptions {
  /**
   * A client of `redis`, `ioredis` or `iovalkey`, without an offline queue:
   * `createClient({ disableOfflineQueue: true })` or `new Redis({ enableOfflineQueue: false })`. The fleet opens one
   * more connection, for messages about ends.
   */
  readonly client: RedisClient
  /** At least 32 random bytes, the same in every process. It hides keys and values from those who can read the server. */
  readonly secret: string | Redacted<string>
  /** The previous secret, while processes still use it. */
  readonly oldSecret?: string | Redacted<string> | undefined
  /** The prefix of all keys. Default `"latchkey"`. */
  readonly prefix?: string | undefined
  /** The longest time of a command. Default 25 milliseconds; at most 1 second. */
  readonly deadline?: DurationInput | undefined
}

/** The options of the replay store of a fleet. */
export interface ReplayStoreOptions {
  /** The most proofs of one key within the lifetime of a proof. Default 10,000. */
  readonly maxPerKey?: number
}

/** The options, completed. */
export interface CompletedOptions {
  readonly client: RedisClient
  readonly secrets: readonly [string, ...ReadonlyArray<string>]
  readonly prefix: string
  /** In milliseconds. */
  readonly deadline: number
}

const leastBytes = 32

const names: ReadonlySet<string> = new Set(["client", "secret", "oldSecret", "prefix", "deadline"])

const textOf = (secret: unknown): unknown => (isRedacted(secret) ? value(secret) : secret)

const secretProblems = (path: string, secret: unknown): ReadonlyArray<Issue> => {
  const text = textOf(secret)
  if (typeof text !== "string") return [{ path, message: `expected a text of at least ${leastBytes} random bytes` }]
  const bytes = new TextEncoder().encode(text).length
  return bytes >= leastBytes
    ? []
    : [{ path, message: `expected at least ${leastBytes} random bytes, such as those of "openssl rand -base64 32"` }]
}

/** Returns every problem of the options. No message repeats a secret. */
export const fleetProblems = (options: unknown): ReadonlyArray<Issue> => {
  if (typeof options !== "object" || options === null)
    return [{ path: "", message: "expected the options of a fleet, such as { client, secret }" }]
  const { client, secret, oldSecret, prefix = "latchkey", deadline = "25 millis" } = { ...membersOf(options) }
  const millis = millisOf(deadline)
  return [
    ...Object.keys(options)
      .filter((name) => !names.has(name))
      .map((path) => ({ path, message: `unknown; expected one of ${Array.from(names).join(", ")}` })),
    ...clientProblems(client),
    ...secretProblems("secret", secret),
    ...(oldSecret === undefined ? [] : secretProblems("oldSecret", oldSecret)),
    ...(oldSecret !== undefined && textOf(oldSecret) === textOf(secret)
      ? [{ path: "oldSecret", message: "expected another secret than that of secret: omit it" }]
      : []),
    ...(typeof prefix === "string" && /^[\w:.-]{1,100}$/.test(prefix)
      ? []
      : [{ path: "prefix", message: "expected 1 to 100 letters, digits or any of _ : . -" }]),
    ...(millis === undefined
      ? [{ path: "deadline", message: durationExpected(deadline) }]
      : millis < 1 || millis > 1000
        ? [{ path: "deadline", message: "expected 1 millisecond to 1 second" }]
        : []),
  ]
}

const membersOf = (options: object): { readonly [Name in keyof FleetOptions]?: unknown } =>
  Object.fromEntries(
    Array.from(names, (name) => [name, Reflect.get(options, name)]).filter(([, each]) => each !== undefined),
  )

/** Completes options that {@link fleetProblems} accepts. */
export const completed = ({ client, secret, oldSecret, prefix, deadline }: FleetOptions): CompletedOptions => {
  const old = oldSecret === undefined ? [] : [String(textOf(oldSecret))]
  return {
    client,
    secrets: [String(textOf(secret)), ...old],
    prefix: prefix ?? "latchkey",
    deadline: millisOf(deadline ?? "25 millis") ?? 25,
  }
}

export const replayStoreProblems = (options: unknown): ReadonlyArray<Issue> => {
  if (typeof options !== "object" || options === null)
    return [{ path: "", message: "expected the options of a replay store, such as { maxPerKey: 10_000 }" }]
  const { maxPerKey = 1, ...others } = options as ReplayStoreOptions
  return [
    ...Object.keys(others).map((path) => ({ path, message: "unknown; expected maxPerKey" })),
    ...(Number.isSafeInteger(maxPerKey) && maxPerKey > 0
      ? []
      : [{ path: "maxPerKey", message: "expected a whole number above 0" }]),
  ]
}
