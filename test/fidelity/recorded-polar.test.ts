import { request } from "node:http"
import { type PolarEmulator, startPolar } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { get, seed } from "../emulator/polar-steps.ts"
import { moreSeed, type RecordedAnswer, recorded, source } from "./recorded/polar.ts"

let polar: PolarEmulator
beforeAll(async () => {
  polar = await startPolar({ drift: "source", seed })
})
afterAll(() => polar.close())

type Headers = Readonly<Record<string, string | ReadonlyArray<string> | undefined>>

const bodyOf = ({ form, json }: RecordedAnswer): readonly [string | undefined, Headers] => {
  if (form !== undefined) {
    const body = new URLSearchParams(form.map(([name, value]) => [name, value])).toString()
    return [body, { "content-type": "application/x-www-form-urlencoded" }]
  }
  return [typeof json === "string" || json === undefined ? json : JSON.stringify(json), {}]
}

/** Sends a recorded request with `node:http`, because `fetch` changes some headers. */
const send = (row: RecordedAnswer) =>
  new Promise<{ readonly status: number | undefined; readonly headers: Headers; readonly text: string }>(
    (resolve, reject) => {
      const [body, type] = bodyOf(row)
      const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) }
      const headers = Object.entries({ ...type, ...row.headers, ...length }).filter(([, value]) => String(value) !== "")
      const outgoing = request(
        `${polar.apiUrl}${row.path}`,
        { method: row.method, headers: Object.fromEntries(headers) },
        (response) => {
          const chunks: Array<Buffer> = []
          response.on("data", (chunk: Buffer) => chunks.push(chunk))
          response.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8")
            resolve({ status: response.statusCode, headers: response.headers, text })
          })
        },
      )
      outgoing.on("error", reject)
      outgoing.end(body)
    },
  )

const members = (object: object, names: object = {}) =>
  Object.fromEntries(
    Object.keys(names).map((name) => [name, Object.entries(object).find(([key]) => key === name)?.[1]]),
  )

describe(`as recorded of ${source.release}, the server`, () => {
  it.each(recorded.map((row) => [row.name, row] as const))("%s", async (_, row) => {
    polar.seed(seed)
    polar.seed(moreSeed)
    const { status, headers, text } = await send(row)
    const json: { readonly detail?: unknown } = text.startsWith("{") ? JSON.parse(text) : {}
    const [problem = {}] = Array.isArray(json.detail) ? json.detail : []
    const parameters = URL.parse(String(headers.location ?? ""))?.searchParams
    const withNull = (names: object = {}, value: (name: string) => unknown) =>
      Object.fromEntries(Object.keys(names).map((name) => [name, value(name) ?? null]))
    expect({
      status,
      answer: members(json, row.answer),
      problem: members(problem, row.problem),
      headers: withNull(row.responseHeaders, (name) => headers[name]),
      redirect: withNull(row.redirect, (name) => parameters?.get(name)),
    }).toEqual({
      status: row.status,
      answer: row.answer ?? {},
      problem: row.problem ?? {},
      headers: row.responseHeaders ?? {},
      redirect: row.redirect ?? {},
    })
  })

  it("publishes keys with kty, n, e and kid only", async () => {
    const { keys } = (await get(polar, "/.well-known/jwks.json")).json
    for (const key of Array.isArray(keys) ? keys : []) expect(Object.keys(key).sort()).toEqual(["e", "kid", "kty", "n"])
    expect(keys).toHaveLength(1)
  })
})
