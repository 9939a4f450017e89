/** What fails without anybody seeing it fails a test in the browser. */
import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { describe, expect, it } from "vitest"
import { hasBrowser, openPerson } from "./person.ts"

const serve = async (listener: RequestListener) => {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const close = async () => {
    server.close()
    server.closeAllConnections()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, [Symbol.asyncDispose]: close }
}

const html =
  (content: string, headers: Readonly<Record<string, string>> = {}): RequestListener =>
  (request, response) => {
    if (request.url === "/gone") return void response.socket?.destroy()
    response.writeHead(200, { "content-type": "text/html", ...headers }).end(`<title>Page</title>${content}`)
  }

const icon = `<link rel="icon" href="data:,">`

describe.skipIf(!hasBrowser)("a page in the browser", () => {
  it.each([
    ["a cookie that the browser does not store", html(icon, { "set-cookie": "a=1; SameSite=None" }), "not stored: a"],
    ["an error in a script", html(`${icon}<script>throw new Error("broken")</script>`), "broken"],
    ["an error in the console", html(`${icon}<script>console.error("wrong")</script>`), "wrong"],
    ["a failed request", html(`${icon}<img src="/gone">`), "failed request"],
    [
      "a style that the policy forbids",
      html(`${icon}<p style="color: red">`, { "content-security-policy": "default-src 'none'; img-src data:" }),
      "Content Security Policy",
    ],
  ])("fails the test because of %s", async (_, listener, problem) => {
    await using site = await serve(listener)
    const person = await openPerson({ scripts: true })
    await person.visit(site.url)
    await person.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 0)))
    const failure = await person[Symbol.asyncDispose]().then(
      () => undefined,
      (error: { readonly actual?: unknown }) => JSON.stringify(error.actual),
    )
    expect(failure).toContain(problem)
  })
})
