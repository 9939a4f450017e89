/** The device endpoint, of which Kinde's documentation names two. */
import * as Effect from "effect/Effect"
import type { Raw } from "../oidc/define.ts"
import { deviceAuthorization } from "../oidc/device.ts"
import type { Engine } from "../oidc/engine.ts"

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
      reason._tag === "UnexpectedResponse" && reason.status === 404
        ? deviceAuthorization(other, request)
        : Effect.fail(reason),
    )
  }
