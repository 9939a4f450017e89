import type { ClientChanges } from "latchkey"
import { describe, expect, test } from "vitest"
import { jsonPatch } from "../../src/adapters/ory/client-patch.ts"

type Wire = Readonly<Record<string, unknown>>

const metadata = (target: unknown, patch: Wire | null): unknown =>
  jsonPatch({ metadata: patch }, { metadata: target }).find(({ path }) => path === "/metadata")?.value

/** RFC 7396 appendix A, the rows whose patch can be a client's metadata: an object. */
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

  test("is changed in the patch, never in the record", () => {
    const current = { metadata: { a: { b: 1 } } }
    jsonPatch({ metadata: { a: { b: 2, c: null } } }, current)
    expect(current).toEqual({ metadata: { a: { b: 1 } } })
  })

  test("may hold names that JavaScript knows", () => {
    const hostile = JSON.parse('{"__proto__":{"x":1},"constructor":2}') as Wire
    const merged = metadata({}, hostile)
    expect(JSON.stringify(merged)).toBe('{"__proto__":{"x":1},"constructor":2}')
    expect({}).not.toHaveProperty("x")
  })
})

const rows: ReadonlyArray<[string, ClientChanges, Wire, Wire]> = [
  ["nothing", {}, { client_name: "x" }, {}],
  ["a value", { name: "y" }, { client_name: "x" }, { client_name: "y" }],
  ["a value that was absent", { audience: ["a"] }, {}, { audience: ["a"] }],
  ["scopes, joined", { scopes: ["a", "b"] }, { scope: "c" }, { scope: "a b" }],
  ["null for a text, by the empty text", { name: null }, { client_name: "x" }, { client_name: "" }],
  ["null for a list, by the empty list", { redirectUris: null }, { redirect_uris: ["x"] }, { redirect_uris: [] }],
  ["null for a flag, by false", { extra: { skip_consent: null } }, { skip_consent: true }, { skip_consent: false }],
  ["null for keys, by no keys", { jwks: null, name: "y" }, { jwks: { keys: [1] } }, { client_name: "y", jwks: {} }],
  ["null for what is absent, by nothing", { name: null, audience: null }, { audience: null }, {}],
  ["a member of Ory's own", { extra: { owner: "o" } }, {}, { owner: "o" }],
  [
    "keys in place of their address",
    { jwks: { keys: [] } },
    { jwks_uri: "https://u" },
    { jwks: { keys: [] }, jwks_uri: "" },
  ],
  [
    "the address in place of keys",
    { jwksUri: "https://u" },
    { jwks: { keys: [1] } },
    { jwks_uri: "https://u", jwks: null },
  ],
  [
    "anything beside an address of keys, which would be refused",
    { name: "y" },
    { jwks_uri: "https://u", jwks: {} },
    { client_name: "y", jwks: null },
  ],
  ["nothing beside an address of keys", {}, { jwks_uri: "https://u", jwks: {} }, {}],
]

describe("a patch for Ory", () => {
  test.each(rows)("carries %s", (_, changes, current, sent) => {
    const patch = jsonPatch(changes, current)
    expect(Object.fromEntries(patch.map(({ path, value }) => [path.slice(1), value]))).toEqual(sent)
    expect(patch.every(({ op, path }) => op === "add" && path.startsWith("/"))).toBe(true)
  })
})
