import { randomUUID } from "node:crypto"
import type { Exchange, Reply } from "../http-server.ts"
import { matchPath } from "../path-pattern.ts"
import { Refusal, refuse } from "./errors.ts"
import { adminError, oauthError } from "./replies.ts"
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
  // Only the admin port of the older release looks at what the caller accepts.
  if (ory.newest || side === "public") return plainText(404, "404 page not found")
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

const wrongMethod = ({ method }: Exchange, ory: Ory, found: ReadonlyArray<Route>): Reply => {
  const methods = found.map((route) => route.method)
  if (ory.newest) {
    const allowed = [...methods, ...(methods.includes("GET") ? ["HEAD"] : [])].sort()
    return plainText(405, "Method Not Allowed", { allow: allowed.join(", ") })
  }
  const allow = [...methods, "OPTIONS"].sort().join(", ")
  return method === "OPTIONS" ? { status: 200, headers: { allow } } : plainText(405, "Method Not Allowed", { allow })
}

/** What Ory Network's edge says to an admin call without the project's API key. */
const edgeRefusal = (): Reply => ({
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

/** Only the answer to a GET explains in HTML where it sends the browser. */
const plainRedirect = ({ method }: Exchange, reply: Reply): Reply => {
  if (method === "GET" || reply.status !== 302) return reply
  const headers = Object.entries(reply.headers ?? {}).filter(([name]) => name !== "content-type")
  return { status: reply.status, headers: Object.fromEntries(headers) }
}

/** The newer release forbids caching only of what was got. */
const withoutCaching = ({ method }: Exchange, ory: Ory, reply: Reply): Reply => {
  if (!ory.newest || method === "GET" || reply.headers?.["cache-control"] !== noCache) return reply
  const headers = Object.entries(reply.headers).filter(([name]) => name !== "cache-control")
  return { ...reply, headers: Object.fromEntries(headers) }
}

const run = (route: Route, exchange: Exchange, ory: Ory): Reply => {
  try {
    return plainRedirect(exchange, route.handle(exchange, ory))
  } catch (error) {
    const refusal = error instanceof Refusal ? error : refuse("server_error")
    return route.errors === "oauth" ? oauthError(refusal) : adminError(refusal)
  }
}

const normalise = (exchange: Exchange, ory: Ory, side: "public" | "admin"): Exchange | Reply => {
  const { path } = exchange
  const trimmed = path.length > 1 ? path.replace(/\/$/, "") : path
  const own = ["/health/", "/version"].some((prefix) => trimmed.startsWith(prefix))
  const prefixed =
    side === "admin" && ory.layout === "self-hosted" && !own && !/^\/admin(\/|$)/.test(trimmed)
      ? `/admin${trimmed}`
      : trimmed
  if (ory.newest) return { ...exchange, path: prefixed }
  // The older release's router sees the decoded path: an escaped slash in an identifier is a slash to it.
  if (prefixed === path) return { ...exchange, path: path.replace(/%2f/gi, "/") }
  const exists = routes.some((route) => route.side !== "public" && matchPath(route.path, prefixed) !== undefined)
  if (!exists) return exchange
  // The older release redirects; where a missing prefix is concerned, to a place that does not exist.
  const query = exchange.rawQuery === "" ? "" : `?${exchange.rawQuery}`
  return prefixed === trimmed
    ? movedTo(exchange, 301, `${trimmed}${query}`)
    : movedTo(exchange, 307, `http://${prefixed}${query}`)
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

/** Finds the operation a request means and runs it; every answer of the server comes from here. */
export const dispatch = (ory: Ory, apiKey: string | undefined) => {
  const available = routes.filter((route) => (!route.newest || ory.newest) && (!route.rotates || ory.rotates))
  return (given: Exchange, side: "public" | "admin"): Reply => {
    if (apiKey !== undefined && side === "admin" && given.headers.authorization !== `Bearer ${apiKey}`) {
      return edgeRefusal()
    }
    const exchange = normalise(given, ory, side)
    if ("status" in exchange) return exchange
    const found = available.flatMap((route) => {
      const params = route.side === side || route.side === "both" ? matchPath(route.path, exchange.path) : undefined
      return params === undefined ? [] : [{ route, params }]
    })
    if (found.length === 0) return routeMissing(exchange, ory, side)
    // The newer release's router lets HEAD in wherever GET is.
    const method = ory.newest && exchange.method === "HEAD" ? "GET" : exchange.method
    const wanted = found.find(({ route }) => route.method === method)
    if (wanted === undefined)
      return wrongMethod(
        exchange,
        ory,
        found.map(({ route }) => route),
      )
    return withoutCaching(exchange, ory, run(wanted.route, { ...exchange, params: wanted.params }, ory))
  }
}
