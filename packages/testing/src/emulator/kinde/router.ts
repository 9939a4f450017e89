import type { Exchange, Reply } from "../http-server.ts"
import { Refusal, refuse } from "../ory/errors.ts"
import { matchPath } from "../path-pattern.ts"
import { ManagementRefusal, UnknownClient } from "./errors.ts"
import { checkScope, machineOf } from "./management-access.ts"
import { managementRefusal, oauthRefusal, page, routeNotFound, unknownClient } from "./replies.ts"
import { type ManagementRoute, managementRoutes, type Route, routes } from "./routes.ts"
import type { Kinde } from "./state.ts"

const matching = <Each extends Route>(all: ReadonlyArray<Each>, path: string) =>
  all.flatMap((route) => {
    const params = matchPath(route.path, path)
    return params === undefined ? [] : [{ route, params }]
  })

const withoutBody = (kinde: Kinde, route: ManagementRoute | undefined, error: unknown): Reply => {
  const bare = kinde.quirks.bareRefusals && route?.bare && error instanceof ManagementRefusal && error.status === 403
  if (bare) return { status: 403 }
  throw error
}

/** The credential comes before everything: a path that does not exist is nobody's business without one. */
const manage = (exchange: Exchange, kinde: Kinde): Reply => {
  const found = matching<ManagementRoute>(managementRoutes, exchange.path)
  const wanted = found.find(({ route }) => route.method === exchange.method)
  try {
    const machine = machineOf(exchange, kinde)
    if (wanted === undefined) return found.some(({ route }) => route.strict) ? { status: 405 } : routeNotFound()
    checkScope(kinde, machine, wanted.route.scope)
    return wanted.route.handle({ ...exchange, params: wanted.params }, kinde)
  } catch (error) {
    return withoutBody(kinde, wanted?.route, error)
  }
}

const serve = (exchange: Exchange, kinde: Kinde): Reply => {
  const found = matching(routes, exchange.path)
  const wanted = found.find(({ route }) => route.method === exchange.method)
  if (wanted !== undefined) return wanted.route.handle({ ...exchange, params: wanted.params }, kinde)
  return found.length === 0 ? page(404, "404 Not Found") : { status: 405 }
}

const refused = (error: unknown, kinde: Kinde): Reply => {
  if (error instanceof ManagementRefusal) return managementRefusal(error)
  if (error instanceof UnknownClient) return unknownClient(kinde)
  return oauthRefusal(error instanceof Refusal ? error : refuse("server_error"))
}

export const isManagement = (path: string): boolean => /^\/api\/v1(\/|$)/.test(path)

/** Finds the operation a request means and runs it; every answer of the server comes from here. */
export const dispatch = (kinde: Kinde) => {
  const here = kinde.issuer === kinde.apiHost || kinde.quirks.managementOnCustomDomain
  return (exchange: Exchange): Reply => {
    try {
      if (isManagement(exchange.path)) return here ? manage(exchange, kinde) : page(404, "404 Not Found")
      return serve(exchange, kinde)
    } catch (error) {
      return refused(error, kinde)
    }
  }
}
