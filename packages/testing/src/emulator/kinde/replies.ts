import { goJson } from "../go.ts"
import type { Reply } from "../http-server.ts"
import type { Refusal } from "../ory/errors.ts"
import type { ManagementRefusal } from "./errors.ts"
import type { Kinde } from "./state.ts"

const json = { "content-type": "application/json; charset=utf-8" }
const uncached = { ...json, "cache-control": "no-store", pragma: "no-cache" }

export const jsonReply = (status: number, value: unknown): Reply => ({ status, headers: json, body: goJson(value) })

/** An answer that holds tokens, or says something about one. */
export const tokenReply = (value: unknown): Reply => ({ status: 200, headers: uncached, body: goJson(value) })

export const oauthRefusal = ({ status, error, description }: Refusal): Reply => ({
  status,
  headers: uncached,
  body: goJson({ error, error_description: description }),
})

export const managementRefusal = ({ status, errors }: ManagementRefusal): Reply => jsonReply(status, { errors })

/** The error of a route that does not exist: `errors` is an object here. */
export const routeNotFound = (): Reply =>
  jsonReply(404, {
    errors: { code: "ROUTE_NOT_FOUND", message: "The requested API route does not exist" },
  })

export const success = (payload: Readonly<Record<string, unknown>> = {}, status = 200): Reply =>
  jsonReply(status, { message: "Success", code: "OK", ...payload })

/** A success whose body is not documented. */
export const undocumented = (kinde: Kinde): Reply =>
  kinde.quirks.undocumentedBody === "empty" ? { status: 200 } : success()

/** The unknown client of the token endpoint. */
export const unknownClient = (kinde: Kinde): Reply =>
  kinde.quirks.unknownClient === 404
    ? { status: 404 }
    : { status: 400, headers: { "content-type": "text/plain; charset=utf-8" }, body: "not_found\n" }

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const html = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" }

/** A page of the tenant. */
export const page = (status: number, title: string, text = title): Reply => ({
  status,
  headers: html,
  body: `<!DOCTYPE html>\n<html lang="en"><head><title>${escapeHtml(title)}</title></head><body><main>${escapeHtml(text)}</main></body></html>\n`,
})

/** A page whose form submits itself. */
export const formPage = (title: string, action: string, fields: Readonly<Record<string, string>>): Reply => ({
  status: 200,
  headers: html,
  body: `<!DOCTYPE html>
<html lang="en"><head><title>${escapeHtml(title)}</title></head><body onload="document.forms[0].submit()">
<form method="post" action="${escapeHtml(action)}">
${Object.entries(fields)
  .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
  .join("\n")}
<button type="submit">Continue</button></form></body></html>
`,
})

export const redirectTo = (location: string, cookies: ReadonlyArray<string> = []): Reply => ({
  status: 302,
  headers: { location, "cache-control": "no-store", ...(cookies.length > 0 ? { "set-cookie": cookies } : {}) },
})
