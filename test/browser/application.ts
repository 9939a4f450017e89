/** An application on loopback: where the browser arrives after a login and after a logout. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

export interface Application extends AsyncDisposable {
  readonly redirectUri: string
  readonly returnTo: string
  readonly url: string
}

interface Form {
  readonly fields?: ReadonlyArray<readonly [label: string, name: string]>
  readonly buttons: ReadonlyArray<string>
}

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

/** Renders a page. Its form is sent to the address of the page; `action` is the pressed button. */
export const pageOf = (title: string, text = "", form?: Form): string => `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title><link rel="icon" href="data:,"></head>
<body><main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p>${form === undefined ? "" : formOf(form)}</main></body></html>`

const formOf = ({ fields = [], buttons }: Form): string => {
  const inputs = fields.map(([label, name]) => `<p><label>${label} <input name="${name}"></label></p>`)
  const presses = buttons.map((label) => `<button type="submit" name="action" value="${label}">${label}</button>`)
  return `<form method="post">${inputs.join("")}${presses.join(" ")}</form>`
}

export type Respond = (url: URL, form: URLSearchParams | undefined) => Promise<string | { readonly to: string }>

const arrivals: Respond = async (url) => pageOf(url.pathname === "/cb" ? "Logged in" : "Logged out")

const handle = async (respond: Respond, origin: string, request: IncomingMessage, response: ServerResponse) => {
  const body = (await request.setEncoding("utf8").toArray()).join("")
  const form = request.method === "POST" ? new URLSearchParams(body) : undefined
  const answer = await respond(new URL(request.url ?? "/", origin), form)
  if (typeof answer === "string") response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(answer)
  else response.writeHead(303, { location: answer.to }).end()
}

/** Starts an application. `respond` serves its pages; by default there are those of the redirect URIs only. */
export const startApplication = async (respond: Respond = arrivals): Promise<Application> => {
  const server = createServer((request, response) => {
    handle(respond, url, request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url, redirectUri: `${url}/cb`, returnTo: `${url}/out`, [Symbol.asyncDispose]: close }
}
