import type { ClientChanges } from "latchkey"
import { describe, expect, test } from "vitest"
import { jsonPatch } from "../../src/adapters/ory/client-patch.ts"

type Wire = Readonly<Record<string, unknown>>

const metadata = (target: unknown, patch: Wire | null): unknown =>
  jsonPatch({ metadata: patch }, { metadata: target }).find(({ path }) => path === "/metadata")?.value

/** RFC 7396 appendix A: the rows whose patch is an object, as a client's metadata must be. */
const appendix: ReadonlyArray<[target: unknown, patch: Wire, result: unknown]> = [
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b" }, { a: null }, {}],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: "b", c: null }, { a: "b" }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
]

describe("the metadata of a patch", () => {
  test.each(appendix)("%j patched with %j is %j (RFC 7396 appendix A)", (target, patch, result) => {
    expect(metadata(target, patch)).toEqual(result)
  })

  test("is cleared by null", () => {
    expect(metadata({ a: 1 }, null)).toEqual({})
  })

  test("never changes the current record", () => {
    const current = { metadata: { a: { b: 1 } } }
    jsonPatch({ metadata: { a: { b: 2, c: null } } }, current)
    expect(current).toEqual({ metadata: { a: { b: 1 } } })
  })

  test("may contain the names `__proto__` and `constructor`", () => {
    const hostile = JSON.parse('{"__proto__":{"x":1},"constructor":2}') as Wire
    const merged = metadata({}, hostile)
    expect(JSON.stringify(merged)).toBe('{"__proto__":{"x":1},"constructor":2}')
    expect({}).not.toHaveProperty("x")
  })
})

const rows: ReadonlyArray<[string, ClientChanges, Wire, Wire]> = [
  ["nothing without changes", {}, { client_name: "x" }, {}],
  ["a value", { name: "y" }, { client_name: "x" }, { client_name: "y" }],
  ["a value that was absent", { audience: ["a"] }, {}, { audience: ["a"] }],
  ["scopes joined by spaces", { scopes: ["a", "b"] }, { scope: "c" }, { scope: "a b" }],
  ["an empty string for a string member set to null", { name: null }, { client_name: "x" }, { client_name: "" }],
  [
    "an empty list for a list member set to null",
    { redirectUris: null },
    { redirect_uris: ["x"] },
    { redirect_uris: [] },
  ],
  ["false for a flag set to null", { extra: { skip_consent: null } }, { skip_consent: true }, { skip_consent: false }],
  [
    "an empty set for `jwks` set to null, because an empty object keeps the keys on v2.3.0",
    { jwks: null },
    { jwks: { keys: [1] } },
    { jwks: { keys: [] } },
  ],
  ["`jwks_uri` no longer, when only `jwksUri` is null", { jwksUri: null }, { jwks_uri: "https://u" }, { jwks_uri: "" }],
  [
    "no change of `jwks_uri`, when only `jwks` is null",
    { jwks: null },
    { jwks_uri: "https://u", jwks: {} },
    { jwks: null },
  ],
  ["nothing for an absent member set to null", { name: null, audience: null }, { audience: null }, {}],
  ["a member that only Ory has", { extra: { owner: "o" } }, {}, { owner: "o" }],
  [
    "`jwks` in place of `jwks_uri`",
    { jwks: { keys: [] } },
    { jwks_uri: "https://u" },
    { jwks: { keys: [] }, jwks_uri: "" },
  ],
  [
    "`jwks_uri` in place of `jwks`",
    { jwksUri: "https://u" },
    { jwks: { keys: [1] } },
    { jwks_uri: "https://u", jwks: null },
  ],
  [
    "`jwks: null` with any change beside `jwks_uri`, because Ory rejects the two together",
    { name: "y" },
    { jwks_uri: "https://u", jwks: {} },
    { client_name: "y", jwks: null },
  ],
  ["nothing without changes beside `jwks_uri`", {}, { jwks_uri: "https://u", jwks: {} }, {}],
]

describe("a patch for Ory", () => {
  test.each(rows)("contains %s", (_, changes, current, sent) => {
    const patch = jsonPatch(changes, current)
    expect(Object.fromEntries(patch.map(({ path, value }) => [path.slice(1), value]))).toEqual(sent)
    expect(patch.every(({ op, path }) => op === "add" && path.startsWith("/"))).toBe(true)
  })
})
