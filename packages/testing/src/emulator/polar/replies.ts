import type { Reply } from "../http-server.ts"

/** What the OAuth endpoints forbid caches; everything else says `private, no-store`. */
export const oauthHeaders = { "cache-control": "no-store", pragma: "no-cache" } as const

/** A JSON answer. */
export const json = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(value),
})

/** A JSON answer of an OAuth endpoint. */
export const oauthJson = (value: unknown, status = 200): Reply => json(status, value, oauthHeaders)

/** A redirect of the browser; it has no body. */
export const redirect = (location: string, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status: 302,
  headers: { location, ...headers },
})

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

/** A page of the web site; `body` is HTML already. */
const page = (status: number, body: string): Reply => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8" },
  body: `<!doctype html><html><head><title>Polar</title></head><body>${body}</body></html>`,
})

/** A form that submits what the user would; `action` is a URL whose query is encoded already. */
export const formPage = (action: string, fields: ReadonlyArray<readonly [string, string]>): Reply =>
  page(
    200,
    `<form method="post" action="${action}">${fields
      .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`)
      .join("")}</form>`,
  )

/** A page that says what is wrong. */
export const errorPage = (status: number, text: string): Reply => page(status, `<p>${escaped(text)}</p>`)
