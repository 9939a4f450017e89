import { type Page, pageHeaders, pageHtml } from "../html.ts"
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

/** A page of the web site. */
export const sitePage = (status: number, page: Page): Reply => ({ status, headers: pageHeaders, body: pageHtml(page) })

/** A page with an error message. */
export const errorPage = (status: number, text: string): Reply => sitePage(status, { title: "Polar", text })
