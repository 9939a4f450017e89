/** Every row that has an answer, in every binding: status, headers and body byte for byte. */
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { GuardOptions } from "../../src/guard/options.ts"
import { bindings } from "./bindings.ts"
import type { Binding, Case, Running } from "./case.ts"
import { dpopRows } from "./dpop-rows.ts"
import { anyValue, type Row } from "./row.ts"
import { rows } from "./rows.ts"
import type { Received, Sent } from "./send.ts"
import { ownHeaders } from "./send.ts"
import { type StubAuth, stubAuth } from "./stub-auth.ts"

interface Tested {
  readonly title: string
  readonly row: Row
  readonly case: Case & { readonly auth: StubAuth }
  readonly expected: Row["expected"]
}

const publicUrl = "https://api.example"

/** With `realm` and metadata the only challenge has two parameters more: the first and the last. */
const decorated = (challenge: string): string => {
  const parameters = challenge.slice("Bearer".length).trim()
  const metadata = 'resource_metadata="https://api.example/.well-known/oauth-protected-resource"'
  return ["Bearer", ['realm="the orders"', parameters, metadata].filter(Boolean).join(", ")].join(" ")
}

const expectedWithMetadata = ({ expected }: Row): Row["expected"] => {
  if ("passes" in expected) return expected
  const challenge = expected.headers["www-authenticate"]
  if (challenge === undefined) return expected
  return { ...expected, headers: { ...expected.headers, "www-authenticate": decorated(challenge) } }
}

const optionsOf = ({ options: { dpop, ...options } = {} }: Row): GuardOptions => ({
  // The rows with faults would fill the log.
  onError: () => undefined,
  ...options,
  ...(dpop !== undefined && { dpop: dpop() }),
})

const testedOf = (row: Row, at: number): ReadonlyArray<Tested> => {
  const { method = "GET", needs = {}, expected } = row
  const options = optionsOf(row)
  const make = (form: string, api: "promise" | "effect", more: GuardOptions, result: Row["expected"]): Tested => ({
    title: `${row.number}: ${row.name} (${form})`,
    row,
    case: { path: `/${form.replaceAll(" ", "-")}/${at}`, method, needs, auth: stubAuth(row.auth, api), options: more },
    expected: result,
  })
  const metadata: GuardOptions = { ...options, publicUrl, realm: "the orders", metadata: {} }
  return [
    make("promise", "promise", options, expected),
    make("effect", "effect", options, expected),
    ...(row.options?.dpop === undefined ? [make("metadata", "promise", metadata, expectedWithMetadata(row))] : []),
  ]
}

const all = [...rows, ...dpopRows].flatMap(testedOf)

const linesOf = ({ row: { lines }, case: { path } }: Tested) =>
  typeof lines === "function" ? lines(`${publicUrl}${path}`) : lines

const check = ({ expected, row, case: { auth } }: Tested, received: Received, isHead: boolean): void => {
  if ("passes" in expected) {
    expect(received.status).toBe(200)
    if (!isHead) expect(received.body).toBe(JSON.stringify(expected.passes))
    expect(received.headers.filter(([name]) => name === "www-authenticate")).toEqual([])
  } else {
    const { status, headers, body } = expected
    const comparable = received.headers.map(([name, value]) =>
      headers[name] === anyValue && value !== "" ? [name, anyValue] : [name, value],
    )
    const wanted = { status, headers: ownHeaders(Object.entries(headers)), body: isHead ? "" : body }
    expect({ ...received, headers: comparable }).toEqual(wanted)
  }
  if (row.auth === "unasked") expect(auth.asked).toEqual([])
  else expect(auth.asked.length).toBeGreaterThan(0)
}

const sendRow = async (tested: Tested, running: Running, method: string): Promise<Received> => {
  const { row, case: route } = tested
  const request: Sent = { method, target: `${route.path}${row.query ?? ""}`, lines: await linesOf(tested) }
  if (row.twice === true) await running.send(request)
  return running.send(request)
}

describe.each(bindings)("$name", ({ start, allowsAnonymous }: Binding) => {
  const needsNobody = ({ needs, options }: Row) => needs?.optional === true || options?.preflight !== undefined
  const mine = all.filter(({ row }) => allowsAnonymous || !needsNobody(row))
  let running: Running
  beforeAll(async () => {
    running = await start(mine.map((each) => each.case))
  })
  afterAll(() => running.close())

  it.each(mine)("$title", async (tested) => {
    check(tested, await sendRow(tested, running, tested.case.method), false)
    // Fastify and HttpApi answer HEAD with the route of GET.
    if (tested.case.method === "GET" && typeof tested.row.lines !== "function")
      check(tested, await sendRow(tested, running, "HEAD"), true)
  })
})
