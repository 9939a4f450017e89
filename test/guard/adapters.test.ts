/** Requests that an adapter makes, such as one for AWS Lambda: they have headers, and no lines of a connection. */
import { IncomingMessage, ServerResponse } from "node:http"
import { Socket } from "node:net"
import express from "express"
import { describe, expect, it, vi } from "vitest"
import { guard as expressGuard } from "../../src/guard/express.ts"
import { nodeGuard } from "../../src/guard/node.ts"
import { active, bearer, token } from "./row.ts"
import { stubAuth } from "./stub-auth.ts"

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown

const ask = async (listener: Listener, headers: IncomingMessage["headers"]): Promise<number> => {
  const request = Object.assign(new IncomingMessage(new Socket()), { method: "GET", url: "/orders", headers })
  const response = new ServerResponse(request)
  listener(request, response)
  await vi.waitFor(() => expect(response.writableEnded).toBe(true))
  return response.statusCode
}

const auth = stubAuth(active())
const listeners: Readonly<Record<string, Listener>> = {
  "node:http": nodeGuard(auth)((_, response) => response.end("passed")),
  Express: express().get(
    "/orders",
    expressGuard(auth)({}, (_, response) => response.end("passed")),
  ) as Listener,
}

describe.each(Object.entries(listeners))("%s", (_, listener) => {
  it("reads the headers of a request that has no lines", async () => {
    expect(await ask(listener, { authorization: `Bearer ${token}` })).toBe(200)
    expect(await ask(listener, {})).toBe(401)
  })

  it("refuses two values of one header", async () => {
    const both = [bearer[0]?.[1] ?? "", "Bearer other"]
    expect(await ask(listener, Object.assign({}, { authorization: both }) as never)).toBe(400)
  })
})
