import type { Exchange, Reply } from "../http-server.ts"
import { matchPath } from "../path-pattern.ts"
import { type Caller, callerOf } from "./caller.ts"
import { corsHeaders, preflight } from "./cors.ts"
import { baseUrlOf } from "./discovery.ts"
import { frameworkRefusal, oauthRefusal, polarRefusal, Refusal } from "./refusal.ts"
import { type Route, routes } from "./routes.ts"
import type { Polar } from "./state.ts"

/** The version a request is answered in: the one it names, or the current one. */
const versionOf = (polar: Polar, headers: Exchange["headers"]): string | undefined => {
  const named = headers["polar-version"] || polar.drift.versions[0]
  return polar.drift.versions.find((version) => version === named)
}

const wantsLength = new Set(["POST", "PUT", "PATCH"])

/** What is refused before anybody looks at the path. */
const checkEnvelope = (polar: Polar, { method, headers }: Exchange): void => {
  if (versionOf(polar, headers) === undefined) throw frameworkRefusal(404, "Not Found")
  if (wantsLength.has(method) && headers["content-length"] === undefined) {
    throw polarRefusal(411, "LengthRequired", "A Content-Length header is required.")
  }
}

const thisMachine = /^(localhost|127\.0\.0\.1)(:\d+)?$/i

const checkTransport = (route: Route, { headers }: Exchange): void => {
  if (!route.secure || headers.host === undefined || thisMachine.test(headers.host)) return
  throw oauthRefusal("insecure_transport", "OAuth 2 MUST utilize https.")
}

type Found = ReadonlyArray<{ readonly route: Route; readonly params: Readonly<Record<string, string>> }>

const find = (available: ReadonlyArray<Route>, path: string): Found =>
  available.flatMap((route) => {
    const params = matchPath(route.path, path)
    return params === undefined ? [] : [{ route, params }]
  })

const toggledSlash = (path: string) => (path.endsWith("/") ? path.slice(0, -1) : `${path}/`)

const nowhere = (polar: Polar, available: ReadonlyArray<Route>, exchange: Exchange): Reply => {
  const other = toggledSlash(exchange.path)
  if (polar.readings.wrongSlash === "missing" || find(available, other).length === 0) {
    throw frameworkRefusal(404, "Not Found")
  }
  const query = exchange.rawQuery === "" ? "" : `?${exchange.rawQuery}`
  return { status: 307, headers: { location: `${baseUrlOf(exchange, polar)}${other}${query}` } }
}

const run = (polar: Polar, available: ReadonlyArray<Route>, exchange: Exchange): Reply => {
  checkEnvelope(polar, exchange)
  const caller: Caller = callerOf(polar, exchange)
  const found = find(available, exchange.path)
  if (found.length === 0) return nowhere(polar, available, exchange)
  const wanted = found.find(({ route }) => route.method === exchange.method)
  if (wanted === undefined) {
    throw frameworkRefusal(405, "Method Not Allowed", { allow: found.map(({ route }) => route.method).join(", ") })
  }
  checkTransport(wanted.route, exchange)
  return wanted.route.handle({ ...exchange, params: wanted.params }, polar, caller)
}

const refused = (error: unknown): Reply =>
  error instanceof Refusal
    ? error.reply
    : { status: 500, headers: { "content-type": "text/plain; charset=utf-8" }, body: "Internal Server Error" }

const oldPrefix = "/api/v1/"

/** Answers every request to the API host. */
export const dispatch = (polar: Polar) => {
  const available = routes.filter((route) => route.since?.(polar.drift) ?? true)
  const answer = (exchange: Exchange): Reply => {
    try {
      return run(polar, available, exchange)
    } catch (error) {
      return refused(error)
    }
  }
  return (given: Exchange): Reply => {
    const early = preflight(given)
    if (early !== undefined) return early
    const isOld = given.path.startsWith(oldPrefix)
    const version = versionOf(polar, given.headers)
    const reply = answer(isOld ? { ...given, path: given.path.slice("/api".length) } : given)
    return {
      ...reply,
      headers: {
        "cache-control": "private, no-store",
        ...(version !== undefined && { "polar-version": version }),
        ...(polar.sandbox && { "x-polar-sandbox": "1" }),
        ...(isOld && { "x-polar-deprecation-notice": "The /api prefix is deprecated." }),
        ...corsHeaders(given),
        ...reply.headers,
      },
    }
  }
}
