/** A fleet over a client of Redis or Valkey. */
import type { ReplayStore } from "../guard/replay.ts"
import { AuthError } from "../ports/errors.ts"
import type { Fleet } from "../ports/fleet.ts"
import { connectionOf } from "./client.ts"
import { makeEnds } from "./ends.ts"
import { type KeysOf, makeEntries } from "./entries.ts"
import { makeNews } from "./news.ts"
import { completed, type FleetOptions, fleetProblems, type ReplayStoreOptions } from "./options.ts"
import { redisReplayStore } from "./replay-store.ts"
import { type RunScript, scriptRunner } from "./script-runner.ts"
import { makeSealing } from "./sealing.ts"
import { makeValues } from "./values.ts"

/** A fleet, and the replay store on the same server. */
export interface RedisFleet extends Fleet, AsyncDisposable {
  /**
   * Makes a replay store for `latchkey/guard` that all processes share.
   *
   * @param options `maxPerKey`: the most proofs of one key within the lifetime of a proof
   *
   * Throws an `AuthError` (`InvalidConfig`) if an option is wrong.
   */
  readonly replayStore: (options?: ReplayStoreOptions) => ReplayStore
}

/**
 * Makes a fleet: the processes that share a server and a secret share answers and revocations.
 *
 * @param options `client`: a client without an offline queue; `secret`: at least 32 bytes, the same in every process;
 * `oldSecret`: the previous secret, while it is being replaced; `prefix`: the prefix of all keys; `deadline`: the
 * longest time of a command, such as `"25 millis"`
 *
 * Throws an `AuthError` (`InvalidConfig`, listing every problem) if an option is wrong. Call `close()` at the end, and
 * close the client afterwards.
 */
export const fleet = (options: FleetOptions): RedisFleet => {
  const issues = fleetProblems(options)
  if (issues.length > 0)
    throw new AuthError({ provider: "latchkey", operation: "fleet", reason: { _tag: "InvalidConfig", issues } })
  const { client, secrets, prefix, deadline } = completed(options)
  const connection = connectionOf(client)
  const sealing = makeSealing(secrets)
  // One hash tag: a script may use several of these keys.
  const keyOf = (name: string) => `{${prefix}}:${name}`
  const keysOf: KeysOf = (kind, text) => {
    const [first, ...others] = sealing.names(kind, text)
    return [keyOf(first), ...others.map(keyOf)]
  }
  const channel = keyOf("news")
  const runner = scriptRunner(connection, keyOf("state"), deadline)
  const news = makeNews(connection, channel, sealing)
  const ends = makeEnds(runner.run, channel, sealing, news)
  // A process with unconfirmed ends reads no entries, because they may be from before these ends.
  const run: RunScript = async (name, ...rest) =>
    name !== "claim" || (await ends.flush()) ? runner.run(name, ...rest) : undefined
  const close = async () => {
    news.close()
    runner.close()
  }
  return {
    ...makeEntries(run, keysOf, sealing),
    ...makeValues(run, keysOf, sealing),
    end: (...each) => ends.end(each),
    onEnd: news.onEnd,
    onAvailability: runner.onAvailability,
    replayStore: (store) => redisReplayStore(run, keysOf, store),
    close,
    [Symbol.asyncDispose]: close,
  }
}
