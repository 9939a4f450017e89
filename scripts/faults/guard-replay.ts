import type { Fault } from "./fault.ts"

const nonces = { file: "src/guard/dpop/nonces.ts", tests: ["test/guard/dpop/nonces.test.ts"] }
const store = { file: "src/guard/replay.ts", tests: ["test/guard/dpop/replay-store.test.ts"] }
const heap = { ...store, file: "src/guard/dpop/expiry-heap.ts" }
const keys = { file: "src/guard/dpop/proof-keys.ts", tests: ["test/guard/dpop/proof-keys.test.ts"] }
const options = { file: "src/guard/dpop/problems.ts", tests: ["test/guard/dpop/options.test.ts"] }

/** Nonces, the replay store in memory, and the options of DPoP. */
export const guardReplayFaults: ReadonlyArray<Fault> = [
  {
    ...nonces,
    name: "a nonce is accepted for five minutes",
    find: "const start = made * stepLength",
    replace: "const start = (made + 2) * stepLength",
  },
  {
    ...nonces,
    name: "a nonce is accepted in its own minute only",
    find: "const window = 2",
    replace: "const window = 0",
  },
  {
    ...nonces,
    name: "a nonce of the previous secret is refused",
    find: "previousSecret === undefined ? [secret] : [secret, previousSecret]",
    replace: "previousSecret === undefined ? [secret] : [secret]",
  },
  {
    ...nonces,
    name: "any text is a nonce",
    find: "if (made === undefined) return undefined",
    replace: 'if (made === undefined) return typeof nonce === "string" ? { until: now, isAging: false } : undefined',
  },
  {
    ...nonces,
    name: "the accepted nonces are those of the first minute",
    find: "if (last?.step !== step)",
    replace: "if (last === undefined)",
  },
  {
    ...nonces,
    name: "a nonce is never replaced before it is refused",
    find: "isAging: now - start > lifetime / 2",
    replace: "isAging: false",
  },
  {
    ...nonces,
    name: "a nonce is the same for ten minutes",
    find: "Math.floor(now / stepLength)",
    replace: "Math.floor(now / stepLength / 10)",
  },
  {
    ...store,
    name: "a key is reserved twice in the replay store",
    find: 'if (keys.has(own)) return "seen"',
    replace: "",
  },
  {
    ...store,
    name: "the replay store forgets a proof in its last moment",
    find: "first.until * 1000 >= now",
    replace: "first.until * 1000 > now",
  },
  {
    ...store,
    name: "the replay store never forgets a proof",
    find: "if (first === undefined || first.until * 1000 >= now) return",
    replace: "if (first === undefined || first.until * 1000 > 0) return",
  },
  {
    ...store,
    name: "the replay store grows beyond its limit",
    find: "keys.size >= maxEntries",
    replace: "keys.size > maxEntries",
  },
  { ...store, name: "one key takes the whole replay store", find: ">= perOwner", replace: ">= maxEntries" },
  {
    ...store,
    name: "the share of a key is never given back",
    find: "first.share.count -= 1",
    replace: "first.share.count -= 0",
  },
  {
    ...store,
    name: "a full replay store removes nothing that has expired",
    find: "if (lacking(owner) !== undefined) removeExpired(now, deepSweep)",
    replace: "",
    also: [{ file: store.file, find: "const sweep = 64", replace: "const sweep = 0" }],
  },
  {
    ...store,
    name: "a reservation removes everything that has expired at once",
    find: "const sweep = 64",
    replace: "const sweep = 1e9",
  },
  { ...heap, name: "the heap puts a new entry last", find: "while (at > 0) {", replace: "while (at < 0) {" },
  {
    ...heap,
    name: "the heap always moves up the left entry",
    find: "this.#isEarlier(left + 1, left) ? left + 1 : left",
    replace: "left",
  },
  {
    ...options,
    name: "DPoP starts without a replay store and without nonces",
    find: "replay === undefined && nonce === undefined",
    replace: "replay === undefined && nonce === null",
  },
  {
    ...options,
    name: "DPoP accepts symmetric algorithms in its options",
    find: "Object.hasOwn(knownAlgorithms, each)",
    replace: 'each !== ""',
  },
  {
    ...options,
    name: "the secret of nonces may be short",
    find: "value.length >= minimumLength",
    replace: "value.length > 0",
  },
  {
    ...options,
    name: "an option of DPoP that nonces replace is ignored",
    find: "nonce !== undefined && dpop[name] !== undefined",
    replace: "nonce === null && dpop[name] !== undefined",
  },
  {
    ...keys,
    name: "the keys of a stranger's proofs are remembered",
    file: "src/guard/dpop.ts",
    find: "    return {\n      jkt: key.jkt,",
    replace: "    keys.remember(key)\n    return {\n      jkt: key.jkt,",
  },
  {
    ...keys,
    name: "the keys of proofs are remembered without limit",
    find: "this.#keys.size > maxKeys && ",
    replace: "this.#keys.size < 0 && ",
  },
  {
    ...keys,
    name: "the key of a proof that was used most recently is forgotten",
    find: "    this.#keys.delete(header)\n",
    replace: "",
  },
  {
    ...keys,
    name: "a key is remembered with a header of any length",
    find: "if (header.length > maxHeaderLength) return\n",
    replace: "",
  },
]
