/** `Content-Length` of a response to HEAD: that of GET or none (RFC 9110 section 8.6), byte by byte over real sockets. */
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { bindings } from "./bindings.ts"
import type { Running } from "./case.ts"
import { rawRequest, sendRaw } from "./raw.ts"
import { bodies } from "./row.ts"
import { stubAuth } from "./stub-auth.ts"

const path = "/orders"
const length = String(bodies.missing.length)

describe.each(bindings.filter(({ name }) => !/process|fetch/.test(name)))("$name", ({ start }) => {
  let running: Running
  beforeAll(async () => {
    running = await start([{ path, method: "GET", auth: stubAuth("unasked"), options: {}, needs: {} }])
  })
  afterAll(() => running.close())

  it("refuses HEAD without a body, and with no other Content-Length than GET has", async () => {
    const { status, head, body } = await sendRaw(running.port ?? 0, rawRequest(`HEAD ${path}`))
    const [, stated = length] = /^content-length: *(.*)$/im.exec(head) ?? []
    expect({ status, body, stated: stated.trim() }).toEqual({ status: 401, body: "", stated: length })
  })
})
