import type { Exchange, Reply } from "../http-server.ts"
import { matchPath } from "../path-pattern.ts"
import { type Caller, callerOf } from "./caller.ts"
import { corsHeaders, preflight } from "./cors.ts"
import { baseUrlOf } from "./discovery.ts"
import { ErrorResponse, frameworkError, oauthError, polarError } from "./errors.ts"
import { type Route, routes } from "./routes.ts"
import type { Polar } from "./state.ts"

/** Returns the API version of a request: the requested version, by default the current one; `undefined` if unknown. */
const versionOf = (polar: Polar, headers: Exchange["headers"]): string | undefined => {
  const requested = headers["polar-version"] || polar.features.versions[0]
  return polar.features.versions.find((version) => version === requested)
}

const requiresLength = new Set(["POST", "PUT", "PATCH"])

/** Rejects a request for reasons that do not depend on its path. */
const checkHeaders = (polar: Polar, { method, headers }: Exchange): void => {
  if (versionOf(polar, headers) === undefined) throw frameworkError(404, "Not Found")
  if (requiresLength.has(method) && headers["content-length"] === undefined) {
    throw polarError(411, "LengthRequired", "A Content-Length header is required.")
  }
}

const loopbackHost = /^(localhost|127\.0\.0\.1)(:\d+)?$/i

const checkTransport = (route: Route, { headers }: Exchange): void => {
  if (!route.secure || headers.host === undefined || loopbackHost.test(headers.host)) return
  throw oauthError("insecure_transport", "OAuth 2 MUST utilize https.")
}

type Matches = ReadonlyArray<{ readonly route: Route; readonly params: Readonly<Record<string, string>> }>

const find = (available: ReadonlyArray<Route>, path: string): Matches =>
  available.flatMap((route) => {
    const params = matchPath(route.path, path)
    return params === undefined ? [] : [{ route, params }]
  })

const toggledSlash = (path: string) => (path.endsWith("/") ? path.slice(0, -1) : `${path}/`)

const notFound = (polar: Polar, available: ReadonlyArray<Route>, exchange: Exchange): Reply => {
  const other = toggledSlash(exchange.path)
  if (polar.readings.wrongSlash === "missing" || find(available, other).length === 0) {
    throw frameworkError(404, "Not Found")
  }
  const query = exchange.rawQuery === "" ? "" : `?${exchange.rawQuery}`
  return { status: 307, headers: { location: `${baseUrlOf(exchange, polar)}${other}${query}` } }
}

/** The server names the methods of the first route with this path. Only userinfo is one route with two methods. */
const allowedMethods = (matches: Matches): string =>
  matches
    .filter(({ route }) => route.path === "/v1/oauth2/userinfo" || route === matches[0]?.route)
    .map(({ route }) => route.method)
    .join(", ")

const run = (polar: Polar, available: ReadonlyArray<Route>, exchange: Exchange): Reply => {
  const caller: Caller = callerOf(polar, exchange)
  const matches = find(available, exchange.path)
  if (matches.length === 0) return notFound(polar, available, exchange)
  const match = matches.find(({ route }) => route.method === exchange.method)
  if (match === undefined) {
    throw frameworkError(405, "Method Not Allowed", { allow: allowedMethods(matches) })
  }
  checkTransport(match.route, exchange)
  return match.route.handle({ ...exchange, params: match.params }, polar, caller)
}

const internalError = { status: 500, headers: { "content-type": "text/plain; charset=utf-8" } } as const

const errorReply = (error: unknown): Reply =>
  error instanceof ErrorResponse ? error.reply : { ...internalError, body: "Internal Server Error" }

/** Adds the cache header of every response whose headers the server checked without an error. */
const withCacheControl = (reply: Reply): Reply => ({
  ...reply,
  headers: { "cache-control": "private, no-store", ...reply.headers },
})

const deprecatedPrefix = "/api/v1/"

/** Makes the function that responds to every request to the API host. */
export const dispatch = (polar: Polar) => {
  const available = routes.filter((route) => route.isAvailable?.(polar.features) ?? true)
  const respond = (exchange: Exchange): Reply => {
    try {
      checkHeaders(polar, exchange)
    } catch (error) {
      return errorReply(error)
    }
    try {
      return withCacheControl(run(polar, available, exchange))
    } catch (error) {
      return error instanceof ErrorResponse ? withCacheControl(error.reply) : errorReply(error)
    }
  }
  return (exchange: Exchange): Reply => {
    const preflightReply = preflight(exchange, polar.features.versions[0] ?? "")
    if (preflightReply !== undefined) return preflightReply
    const isDeprecated = exchange.path.startsWith(deprecatedPrefix)
    const version = versionOf(polar, exchange.headers)
    const reply = respond(isDeprecated ? { ...exchange, path: exchange.path.slice("/api".length) } : exchange)
    if (reply.status === 500) return reply
    return {
      ...reply,
      headers: {
        ...(version !== undefined && { "polar-version": version }),
        ...(polar.sandbox && { "x-polar-sandbox": "1" }),
        ...(isDeprecated && { "x-polar-deprecation-notice": "The /api prefix is deprecated." }),
        ...corsHeaders(exchange),
        ...reply.headers,
      },
    }
  }
}
