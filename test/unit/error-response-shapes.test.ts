import * as Duration from "effect/Duration"
import { afterEach, describe, expect, test, vi } from "vitest"
import { reasonOf } from "../../src/adapters/oidc/http/error-response.ts"
import type { Server } from "../../src/adapters/oidc/server.ts"
import type { Reason } from "../../src/ports/errors.ts"
import type { Operation } from "../../src/ports/provider.ts"
import type { TransportResponse } from "../../src/ports/transport.ts"
import { json, rawResponse } from "./scripted-transport.ts"

const server: Server = {
  issuer: "https://id.example",
  metadataUrl: "https://id.example/m",
  clientAuth: "client_secret_basic",
  versionDependent: ["deviceAuthorization", "clients.rotateSecret"],
}

const reasonFor = (operation: Operation, response: TransportResponse): Reason =>
  reasonOf(response, { operation, secrets: [], fields: [] }, server)

const twoMembers = { error: "Unable to locate the resource", error_description: "" }
const fiveMembers = { error: "not_found", error_description: "d", error_hint: "h", error_debug: "x", status_code: 404 }
const nested = { error: { code: 404, message: "Not Found", reason: "The requested route does not exist." } }
const flat = { code: 404, status: "Not Found", message: "The requested resource could not be found" }

type Row = [operation: Operation, response: TransportResponse, tag: Reason["_tag"]]

const html = (status: number) => rawResponse(status, "text/html; charset=utf-8", "<!doctype html><p>sentinel</p>")

const plain = (status: number) => rawResponse(status, "text/plain; charset=utf-8", "sentinel")

const notFoundRows: ReadonlyArray<Row> = [
  ["clients.get", json(twoMembers, 404), "NotFound"],
  ["clients.get", json(fiveMembers, 404), "NotFound"],
  ["consent.getLogin", json(twoMembers, 404), "NotFound"],
  ["trust.get", json(twoMembers, 404), "NotFound"],
  ["registration.update", json(twoMembers, 404), "NotFound"],
  ["clients.get", json(nested, 404), "UnexpectedResponse"],
  ["clients.get", json(flat, 404), "UnexpectedResponse"],
  ["clients.get", html(404), "Unavailable"],
  ["clients.get", rawResponse(404, "text/plain", "404 page not found"), "UnexpectedResponse"],
  ["clients.get", rawResponse(404, undefined, ""), "UnexpectedResponse"],
  ["clients.get", rawResponse(404, "application/json", '{"error":'), "UnexpectedResponse"],
  ["introspect", json(twoMembers, 404), "UnexpectedResponse"],
  ["introspect", html(404), "Unavailable"],
  ["metadata.discover", json(twoMembers, 404), "UnexpectedResponse"],
  ["deviceAuthorization", json(nested, 404), "UnsupportedOperation"],
  ["deviceAuthorization", html(404), "Unavailable"],
  ["deviceAuthorization", rawResponse(404, "text/plain", "404 page not found"), "UnsupportedOperation"],
  ["clients.rotateSecret", json(nested, 404), "UnsupportedOperation"],
  ["clients.rotateSecret", json(twoMembers, 404), "NotFound"],
]

describe("a 404", () => {
  test.each(notFoundRows)("to %s with %j is %s", (operation, response, tag) => {
    expect(reasonFor(operation, response)._tag).toBe(tag)
  })

  test("to an operation that only some releases have names the standard and the release", () => {
    expect(reasonFor("deviceAuthorization", rawResponse(404, "text/plain", "404 page not found"))).toEqual({
      _tag: "UnsupportedOperation",
      standard: "RFC 8628 section 3.1",
      instead: expect.stringContaining("release"),
    })
  })
})

const shapes: ReadonlyArray<[response: TransportResponse, reason: Reason]> = [
  [json({ error: { code: 403, message: "no" } }, 403), { _tag: "AccessDenied", detail: "no" }],
  [
    json({ error: "request_forbidden", error_description: "no" }, 403),
    { _tag: "AccessDenied", code: "request_forbidden", detail: "no" },
  ],
  [rawResponse(403, undefined, ""), { _tag: "AccessDenied" }],
  [json({ error: "Exists already", error_description: "" }, 409), { _tag: "Conflict", detail: "Exists already" }],
  [json({ error: { code: 409 } }, 409), { _tag: "Conflict" }],
  [plain(409), { _tag: "UnexpectedResponse", status: 409, detail: "expected an error in JSON, got text/plain" }],
  [json({ code: 400, message: "bad" }, 400), { _tag: "InvalidRequest", detail: "bad" }],
  [json({ error: { code: 400, message: "bad" } }, 422), { _tag: "InvalidRequest", detail: "bad" }],
  [plain(400), { _tag: "UnexpectedResponse", status: 400, detail: "expected an error in JSON, got text/plain" }],
  [
    rawResponse(400, undefined, ""),
    { _tag: "UnexpectedResponse", status: 400, detail: "expected an error in JSON, got an empty body" },
  ],
  [json([], 400), { _tag: "UnexpectedResponse", status: 400, detail: expect.stringContaining("another shape") }],
  [json(null, 400), { _tag: "UnexpectedResponse", status: 400, detail: expect.stringContaining("another shape") }],
  [
    rawResponse(400, "application/json", '{"error":"inv'),
    { _tag: "UnexpectedResponse", status: 400, detail: expect.stringContaining("cut short") },
  ],
  [rawResponse(502, undefined, ""), { _tag: "Unavailable", status: 502, detail: "the server failed" }],
  [json({ error: "server_error" }, 500), { _tag: "Unavailable", status: 500, detail: "server_error" }],
  [rawResponse(429, undefined, ""), { _tag: "RateLimited" }],
  [
    rawResponse(302, undefined, ""),
    { _tag: "UnexpectedResponse", status: 302, detail: "a redirect without a location, which is never followed" },
  ],
  [
    json({ active: false }, 202),
    {
      _tag: "UnexpectedResponse",
      status: 202,
      detail: expect.stringContaining("a status that this operation documents"),
    },
  ],
]

describe("an error response without a known code", () => {
  test.each(shapes)("%j becomes %j", (response, reason) => {
    expect(reasonFor("clients.create", response)).toEqual(reason)
  })

  test("never repeats text of an HTML page", () => {
    for (const status of [302, 400, 401, 403, 404, 409, 429, 500])
      expect(JSON.stringify(reasonFor("introspect", html(status)))).not.toContain("sentinel")
  })

  test.each<[operation: Operation, status: number, tag: Reason["_tag"]]>([
    ["clients.create", 401, "InvalidClient"],
    ["clients.create", 403, "AccessDenied"],
    ["userInfo", 401, "InvalidToken"],
    ["metadata.keys", 401, "UnexpectedResponse"],
    ["metadata.keys", 403, "UnexpectedResponse"],
    ["metadata.discover", 401, "UnexpectedResponse"],
    ["metadata.discover", 403, "UnexpectedResponse"],
  ])("and without a body, to %s with status %d, is %s, whatever the content type", (operation, status, tag) => {
    for (const type of [undefined, "", "text/html", "text/plain", "application/json"])
      expect(reasonFor(operation, rawResponse(status, type, ""))._tag).toBe(tag)
  })

  test.each([
    ["metadata.keys", "key endpoint"],
    ["metadata.discover", "metadata endpoint"],
  ] as const)("with status 403, to %s, names the %s", (operation, name) => {
    expect(reasonFor(operation, json({ error: "invalid_client" }, 403))).toMatchObject({
      detail: expect.stringContaining(name),
    })
  })

  test("with a page has the pause that the page requests", () => {
    const page = { ...html(503), headers: { "content-type": "text/html", "retry-after": "7" } }
    expect(reasonFor("introspect", page)).toMatchObject({ _tag: "Unavailable", after: Duration.seconds(7) })
  })

  test.each(["<!DOCTYPE html><p>x", "\n <HTML lang=en>", "<!doctype   html>", "<html>"])(
    "and without a content type, with the body %j, is a page",
    (body) => {
      for (const type of [undefined, ""])
        expect(reasonFor("introspect", rawResponse(403, type, body))).toMatchObject({
          _tag: "Unavailable",
          detail: expect.stringContaining("no content type"),
        })
    },
  )

  test.each(["<htmlx>", "<?xml version='1.0'?>", "html", "<p>no</p>"])(
    "and without a content type, with the body %j, is no page",
    (body) => {
      expect(reasonFor("clients.create", rawResponse(403, undefined, body))._tag).toBe("AccessDenied")
    },
  )

  test("is parsed as JSON under a JSON content type only", () => {
    const body = JSON.stringify({ error: "invalid_grant" })
    for (const type of [
      "application/json;charset=UTF-8",
      "application/json ; charset=utf-8",
      "Application/JSON",
      "application/problem+json",
      "application/vnd.acme.v1+json; charset=utf-8",
    ])
      expect(reasonFor("refresh", rawResponse(400, type, body))._tag).toBe("InvalidGrant")
    for (const type of [
      "text/json",
      "text/plain",
      undefined,
      "application/jsonp",
      "application/json-seq",
      "application/json-patch",
      "application/jsonlines",
      "application/json5",
      "application/x-json",
      "application/json+x",
    ])
      expect(reasonFor("refresh", rawResponse(400, type, body))._tag).toBe("UnexpectedResponse")
  })
})

describe("the retry delay", () => {
  afterEach(() => vi.useRealTimers())

  const waits: ReadonlyArray<[headers: Record<string, string>, seconds: number | undefined]> = [
    [{ "retry-after": "120" }, 120],
    [{ "retry-after": " 7 " }, 7],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after": "Wed, 21 Oct 2026 07:28:30 GMT" }, 30],
    [{ "retry-after": "Wed, 21 Oct 2026 07:00:00 GMT" }, 0],
    [{ "retry-after": "1.5" }, 2],
    [{ "retry-after": "60, 60" }, 60],
    [{ "retry-after": "30;w=60" }, 30],
    [{ "retry-after": "1e3" }, undefined],
    [{ "retry-after": "2 turns" }, undefined],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "soon", "ratelimit-reset": "60" }, 60],
    [{ "x-ratelimit-reset": "1792567710" }, 30],
    [{ "x-ratelimit-reset": "1792567710000" }, 30],
    [{ "x-ratelimit-reset": "99999999999" }, 86_400],
    [{ "retry-after": "99999999" }, 86_400],
    [{ "retry-after": "soon 5" }, undefined],
    [{ "retry-after": "Wednesday, 21-Oct-26 07:28:30 GMT" }, 30],
    [{ "retry-after": "" }, undefined],
    [{ "ratelimit-reset": "30" }, 30],
    [{ "x-ratelimit-reset": "1" }, 1],
    [{ "retry-after": "5", "x-ratelimit-reset": "9" }, 5],
    [{ "x-ratelimit-limit": "10, 10;w=1" }, undefined],
    [{}, undefined],
  ]

  test.each(waits)("of %j is %s seconds", (headers, seconds) => {
    vi.useFakeTimers({ now: Date.parse("2026-10-21T07:28:00Z"), toFake: ["Date"] })
    const after = seconds === undefined ? undefined : Duration.seconds(seconds)
    const reason = reasonFor("introspect", { status: 429, headers, body: "" })
    expect("after" in reason ? reason.after : undefined).toEqual(after)
  })

  test("comes from Retry-After alone unless the status is 429", () => {
    const wait = (headers: Record<string, string>) => {
      const reason = reasonFor("introspect", { status: 503, headers, body: "" })
      return "after" in reason ? reason.after : undefined
    }
    expect(wait({ "retry-after": "120" })).toEqual(Duration.seconds(120))
    expect(wait({ "x-ratelimit-remaining": "99", "x-ratelimit-reset": "60", "ratelimit-reset": "60" })).toBeUndefined()
  })
})
