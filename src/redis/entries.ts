/** The entries of a fleet: values that an end makes invalid. */
import type { Claim, Fleet, FleetLock, PutOptions } from "../ports/fleet.ts"
import { divided, headerText, readRevision, revisionText } from "./entry-text.ts"
import { nodeCrypto } from "./node-crypto.ts"
import { partyTexts } from "./parties.ts"
import type { RunScript } from "./script-runner.ts"
import type { Names, Sealing } from "./sealing.ts"

/** Returns the keys of a text, one under each secret. */
export type KeysOf = (kind: string, text: string) => Names

/** A lock with its keys and its owner, which the server compares when the lock is released. */
export interface RedisLock extends FleetLock {
  readonly keys: ReadonlyArray<string>
  readonly owner: string
}

/** The longest lifetime of an entry, in milliseconds: that of `staleIfError`. */
const longestLifetime = 24 * 60 * 60 * 1000

export const newOwner = (): string => nodeCrypto().randomBytes(9).toString("base64url")

export const makeLock = (run: RunScript, keys: ReadonlyArray<string>, owner: string): RedisLock => ({
  keys,
  owner,
  release: async () => {
    await run("release", keys, [owner])
  },
})

const isRedisLock = (lock: FleetLock | undefined): lock is RedisLock => lock !== undefined && "owner" in lock

const isText = (value: unknown): value is string => typeof value === "string"

/** Makes the entries of a fleet. */
export const makeEntries = (
  run: RunScript,
  keysOf: KeysOf,
  sealing: Sealing,
): Pick<Fleet, "revision" | "find" | "claim" | "put"> => {
  /** The sealed value covers its key and its header: neither can be exchanged. */
  const associatedWith = (key: string, header: string) => `${key}\n${header}`

  const claim: Fleet["claim"] = async (key, { maxAge, lockFor }) => {
    const entryKeys = keysOf("entry", key)
    const lockKeys = keysOf("entry lock", key)
    const owner = newOwner()
    const keys = [...entryKeys, ...lockKeys]
    const answer = await run("claim", keys, [entryKeys.length, Math.floor(maxAge), Math.ceil(lockFor), owner])
    if (!Array.isArray(answer)) return undefined
    const [kind, ...found]: ReadonlyArray<unknown> = answer
    return Number(kind) === 1 ? hit(found, entryKeys) : miss(found, makeLock(run, lockKeys, owner))
  }

  const hit = ([text, age, place]: ReadonlyArray<unknown>, keys: Names): Claim | undefined => {
    if (!isText(text)) return undefined
    const [header, sealed] = divided(text)
    const value = sealing.open(sealed, associatedWith(keys[Number(place)] ?? "", header))
    return value === undefined ? undefined : { entry: { value, age: Number(age) } }
  }

  const miss = ([mark, revision, now, state]: ReadonlyArray<unknown>, lock: RedisLock): Claim | undefined => {
    if (!isText(mark) || !isText(revision) || !isText(now)) return undefined
    const taken = Number(state) === 1 ? lock : Number(state) === 0 ? "taken" : "none"
    return { revision: revisionText(mark, revision, now), lock: taken }
  }

  const put = async (key: string, value: string, { revision, parties, lifetime, lock }: PutOptions): Promise<void> => {
    const read = readRevision(revision)
    const held = isRedisLock(lock) ? lock : undefined
    if (read === undefined || !(lifetime >= 1)) return held?.release()
    const [entryKey] = keysOf("entry", key)
    const names = partyTexts(parties).flatMap((text) => sealing.names("party", text))
    const header = headerText({ ...read, parties: names })
    const text = header + sealing.seal(value, associatedWith(entryKey, header))
    const lived = Math.floor(Math.min(lifetime, longestLifetime))
    const { mark, revision: number, startedAt } = read
    await run("put", [entryKey, ...(held?.keys ?? [])], [mark, number, startedAt, text, lived, held?.owner ?? ""])
  }

  return {
    claim,
    put,
    revision: async () => {
      const claimed = await claim("", { maxAge: 0, lockFor: 0 })
      return claimed === undefined || claimed.entry !== undefined ? undefined : claimed.revision
    },
    find: async (key) => (await claim(key, { maxAge: longestLifetime, lockFor: 0 }))?.entry,
  }
}
