import type { Reply } from "../http-server.ts"

/** The cache headers of the OAuth endpoints. All other responses have `private, no-store`. */
export const oauthHeaders = { "cache-control": "no-store", pragma: "no-cache" } as const

/** A JSON response. */
export const json = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(value),
})

/** A JSON response of an OAuth endpoint. */
export const oauthJson = (value: unknown, status = 200): Reply => json(status, value, oauthHeaders)

/** A redirect, without a body. */
export const redirect = (location: string, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status: 302,
  headers: { location, ...headers },
})

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

/** A page of the web site. `body` is HTML. */
const page = (status: number, body: string): Reply => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8" },
  body: `<!doctype html><html><head><title>Polar</title></head><body>${body}</body></html>`,
})

/** A page with a form and a button, which submits the user's decision. It works without a script. */
export const formPage = (action: string, fields: ReadonlyArray<readonly [string, string]>): Reply =>
  page(
    200,
    `<form method="post" action="${escaped(action)}">${fields
      .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`)
      .join("")}<button type="submit">Continue</button></form>`,
  )

/** A page with an error message. */
export const errorPage = (status: number, text: string): Reply => page(status, `<p>${escaped(text)}</p>`)
