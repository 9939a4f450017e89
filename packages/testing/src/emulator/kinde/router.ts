import type { Exchange, Reply } from "../http-server.ts"
import { ErrorResponse, oauthError } from "../ory/errors.ts"
import { matchPath } from "../path-pattern.ts"
import { ManagementError, UnknownClient } from "./errors.ts"
import { checkScope, machineTokenOf } from "./management-access.ts"
import { managementErrorReply, oauthErrorReply, page, routeNotFound, unknownClientReply } from "./replies.ts"
import { type ManagementRoute, managementRoutes, type Route, routes } from "./routes.ts"
import type { Kinde } from "./state.ts"

const matching = <Each extends Route>(all: ReadonlyArray<Each>, path: string) =>
  all.flatMap((route) => {
    const params = matchPath(route.path, path)
    return params === undefined ? [] : [{ route, params }]
  })

/** Returns the response of an error without a body, or throws the error again. */
const failure = (kinde: Kinde, route: ManagementRoute | undefined, error: unknown): Reply => {
  const isEmpty =
    kinde.quirks.emptyErrorBodies && route?.hasEmptyError && error instanceof ManagementError && error.status === 403
  if (isEmpty) return { status: 403 }
  throw error
}

/** Serves the Management API. The credential is checked first, also for unknown paths. */
const manage = (exchange: Exchange, kinde: Kinde): Reply => {
  const samePath = matching<ManagementRoute>(managementRoutes, exchange.path)
  const match = samePath.find(({ route }) => route.method === exchange.method)
  try {
    const token = machineTokenOf(exchange, kinde)
    if (match === undefined)
      return samePath.some(({ route }) => route.isMethodChecked) ? { status: 405 } : routeNotFound()
    checkScope(kinde, token, match.route.scope)
    return match.route.handle({ ...exchange, params: match.params }, kinde)
  } catch (error) {
    return failure(kinde, match?.route, error)
  }
}

const serve = (exchange: Exchange, kinde: Kinde): Reply => {
  const samePath = matching(routes, exchange.path)
  const match = samePath.find(({ route }) => route.method === exchange.method)
  if (match !== undefined) return match.route.handle({ ...exchange, params: match.params }, kinde)
  return samePath.length === 0 ? page(404, "404 Not Found") : { status: 405 }
}

const errorReply = (error: unknown, kinde: Kinde): Reply => {
  if (error instanceof ManagementError) return managementErrorReply(error)
  if (error instanceof UnknownClient) return unknownClientReply(kinde)
  return oauthErrorReply(error instanceof ErrorResponse ? error : oauthError("server_error"))
}

/** Whether a path belongs to the Management API. */
export const isManagement = (path: string): boolean => /^\/api\/v1(\/|$)/.test(path)

/** Makes the function that handles every request of a tenant. */
export const dispatch = (kinde: Kinde) => {
  const servesManagement = kinde.issuer === kinde.apiHost || kinde.quirks.managementOnCustomDomain
  return (exchange: Exchange): Reply => {
    try {
      if (isManagement(exchange.path)) return servesManagement ? manage(exchange, kinde) : page(404, "404 Not Found")
      return serve(exchange, kinde)
    } catch (error) {
      return errorReply(error, kinde)
    }
  }
}
