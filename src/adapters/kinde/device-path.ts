/** The device authorization endpoint. Kinde's documentation names two. */
import * as Effect from "effect/Effect"
import type { Reason } from "../../ports/errors.ts"
import type { Raw } from "../oidc/definition.ts"
import type { Engine } from "../oidc/engine/engine.ts"
import { deviceAuthorization } from "../oidc/operations/device-authorization.ts"

/** Tries the second endpoint if the first one does not exist, and has therefore issued nothing. */
export const alternativeDevicePath =
  (engine: Engine, standard: Raw<"deviceAuthorization">, base: string): Raw<"deviceAuthorization"> =>
  (request) => {
    const secondEngine: Engine = {
      ...engine,
      endpoint: (name, operation) =>
        name === "deviceAuthorizationEndpoint"
          ? Effect.succeed(`${base}/oauth2/v2/device_authorization`)
          : engine.endpoint(name, operation),
    }
    return Effect.catch(standard(request), (reason) =>
      isMissing(reason) || (reason._tag === "InvalidClient" && reason.code === undefined)
        ? // If neither endpoint exists, the first 404, which had no body, was about the client.
          Effect.mapError(deviceAuthorization(secondEngine, request), (second) => (isMissing(second) ? reason : second))
        : Effect.fail(reason),
    )
  }

/** Whether a response is a 404, also with a web page: Kinde's 404 of an unknown path is not documented. */
const isMissing = (reason: Reason): boolean =>
  (reason._tag === "UnexpectedResponse" || reason._tag === "Unavailable") && reason.status === 404
