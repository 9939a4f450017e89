/** The device endpoint, of which Kinde's documentation names two. */
import * as Effect from "effect/Effect"
import type { Reason } from "../../ports/errors.ts"
import type { Raw } from "../oidc/definition.ts"
import type { Engine } from "../oidc/engine/engine.ts"
import { deviceAuthorization } from "../oidc/operations/device-authorization.ts"

/** Asks the documented endpoint, and where that is not to be found the other; nothing has been issued by then. */
export const alternativeDevicePath =
  (engine: Engine, standard: Raw<"deviceAuthorization">, base: string): Raw<"deviceAuthorization"> =>
  (request) => {
    const other: Engine = {
      ...engine,
      endpoint: (name, operation) =>
        name === "deviceAuthorizationEndpoint"
          ? Effect.succeed(`${base}/oauth2/v2/device_authorization`)
          : engine.endpoint(name, operation),
    }
    return Effect.catch(standard(request), (reason) =>
      isMissing(reason) || (reason._tag === "InvalidClient" && reason.code === undefined)
        ? // Where neither is to be found, a 404 without a word was about the client.
          Effect.mapError(deviceAuthorization(other, request), (next) => (isMissing(next) ? reason : next))
        : Effect.fail(reason),
    )
  }

const isMissing = (reason: Reason): boolean => reason._tag === "UnexpectedResponse" && reason.status === 404
