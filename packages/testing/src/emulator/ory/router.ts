import { randomUUID } from "node:crypto"
import type { Exchange, Reply } from "../http-server.ts"
import { matchPath } from "../path-pattern.ts"
import { Disconnect, ErrorResponse, oauthError } from "./errors.ts"
import { adminErrorReply, oauthErrorReply } from "./replies.ts"
import { type Route, routes } from "./routes.ts"
import type { Ory } from "./state.ts"

const noCache = "private, no-cache, no-store, must-revalidate"

const plainText = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff", ...headers },
  body: `${text}\n`,
})

const reason = "The requested route does not exist. Make sure you are using the right path, domain, and port."

const routeMissing = ({ headers }: Exchange, ory: Ory, side: "public" | "admin"): Reply => {
  // Only the admin port of v2.3.0 considers `Accept`.
  if (ory.isV26 || side === "public") return plainText(404, "404 page not found")
  const accept = headers.accept ?? ""
  if (/application\/json/.test(accept)) {
    return {
      status: 404,
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify({ error: { code: 404, message: "Not Found", reason } }, null, 2),
    }
  }
  if (/text\/html|\*\/\*|^$/.test(accept)) {
    return {
      status: 404,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: `<!DOCTYPE html>\n<html lang="en">\n  <head><title>404 - Route not found</title></head>\n  <body><h1>Error 404</h1><p>${reason}</p></body>\n</html>\n`,
    }
  }
  return { status: 404, headers: { "content-type": "text/plain; charset=utf-8" }, body: `Error 404 - ${reason}` }
}

const wrongMethod = ({ method }: Exchange, ory: Ory, matches: ReadonlyArray<Route>): Reply => {
  const methods = matches.map((route) => route.method)
  if (ory.isV26) {
    const allowed = [...methods, ...(methods.includes("GET") ? ["HEAD"] : [])].sort()
    return plainText(405, "Method Not Allowed", { allow: allowed.join(", ") })
  }
  const allow = [...methods, "OPTIONS"].sort().join(", ")
  return method === "OPTIONS" ? { status: 200, headers: { allow } } : plainText(405, "Method Not Allowed", { allow })
}

/** The response of Ory Network's edge to an admin request without the project's API key. */
const edgeUnauthorized = (): Reply => ({
  status: 401,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({
    error: {
      code: 401,
      status: "Unauthorized",
      request: randomUUID(),
      reason: "Access credentials are invalid",
      message: "The request could not be authorized",
    },
  }),
})

/** Removes the body of a redirect, unless the request is a GET. */
const withoutBody = ({ method }: Exchange, reply: Reply): Reply => {
  if (method === "GET" || reply.status !== 302) return reply
  const headers = Object.entries(reply.headers ?? {}).filter(([name]) => name !== "content-type")
  return { status: reply.status, headers: Object.fromEntries(headers) }
}

/** Removes `Cache-Control` from a response of v26, unless the request is a GET. */
const withoutCacheControl = ({ method }: Exchange, ory: Ory, reply: Reply): Reply => {
  if (!ory.isV26 || method === "GET" || reply.headers?.["cache-control"] !== noCache) return reply
  const headers = Object.entries(reply.headers).filter(([name]) => name !== "cache-control")
  return { ...reply, headers: Object.fromEntries(headers) }
}

const run = (route: Route, exchange: Exchange, ory: Ory): Reply => {
  try {
    return withoutBody(exchange, route.handle(exchange, ory))
  } catch (error) {
    if (error instanceof Disconnect) return { status: 0 }
    const response = error instanceof ErrorResponse ? error : oauthError("server_error")
    return route.errors === "oauth" ? oauthErrorReply(response) : adminErrorReply(response)
  }
}

const normalize = (exchange: Exchange, ory: Ory, side: "public" | "admin"): Exchange | Reply => {
  const { path } = exchange
  const trimmed = path.length > 1 ? path.replace(/\/$/, "") : path
  const isHealthOrVersion = ["/health/", "/version"].some((prefix) => trimmed.startsWith(prefix))
  const adminPath =
    side === "admin" && ory.layout === "self-hosted" && !isHealthOrVersion && !/^\/admin(\/|$)/.test(trimmed)
      ? `/admin${trimmed}`
      : trimmed
  if (ory.isV26) return { ...exchange, path: adminPath }
  // The router of v2.3.0 matches the decoded path, in which an escaped slash separates two segments.
  if (adminPath === path) return { ...exchange, path: path.replace(/%2f/gi, "/") }
  const exists = routes.some((route) => route.side !== "public" && matchPath(route.path, adminPath) !== undefined)
  if (!exists) return exchange
  // v2.3.0 redirects. If the prefix `/admin` is missing, the location is an address that does not exist.
  const query = exchange.rawQuery === "" ? "" : `?${exchange.rawQuery}`
  return adminPath === trimmed
    ? movedTo(exchange, 301, `${trimmed}${query}`)
    : movedTo(exchange, 307, `http://${adminPath}${query}`)
}

const movedTo = ({ method }: Exchange, status: 301 | 307, location: string): Reply => {
  const headers = { location, ...(status === 307 ? { "cache-control": noCache } : {}) }
  if (method !== "GET") return { status, headers }
  const text = status === 301 ? "Moved Permanently" : "Temporary Redirect"
  return {
    status,
    headers: { ...headers, "content-type": "text/html; charset=utf-8" },
    body: `<a href="${location.replaceAll("&", "&amp;")}">${text}</a>.\n\n`,
  }
}

/** Makes the function that responds to every request to the server. */
export const dispatch = (ory: Ory, apiKey: string | undefined) => {
  const available = routes.filter(
    (route) => (!route.isV26 || ory.isV26) && (!route.rotatesSecrets || ory.rotatesSecrets),
  )
  return (request: Exchange, side: "public" | "admin"): Reply => {
    if (apiKey !== undefined && side === "admin" && request.headers.authorization !== `Bearer ${apiKey}`) {
      return edgeUnauthorized()
    }
    const exchange = normalize(request, ory, side)
    if ("status" in exchange) return exchange
    const matches = available.flatMap((route) => {
      const params = route.side === side || route.side === "both" ? matchPath(route.path, exchange.path) : undefined
      return params === undefined ? [] : [{ route, params }]
    })
    if (matches.length === 0) return routeMissing(exchange, ory, side)
    // The router of v26 accepts HEAD for every GET route.
    const method = ory.isV26 && exchange.method === "HEAD" ? "GET" : exchange.method
    const match = matches.find(({ route }) => route.method === method)
    if (match === undefined)
      return wrongMethod(
        exchange,
        ory,
        matches.map(({ route }) => route),
      )
    return withoutCacheControl(exchange, ory, run(match.route, { ...exchange, params: match.params }, ory))
  }
}
