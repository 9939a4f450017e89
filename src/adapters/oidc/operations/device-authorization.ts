/** The device authorization grant. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Reason } from "../../../ports/errors.ts"
import type { DeviceAuthorization, GrantRequest, Tokens } from "../../../ports/issuance.ts"
import { rejectArgument } from "../arguments/reject-argument.ts"
import type { Engine } from "../engine/engine.ts"
import { maxBytes } from "../http/limits.ts"
import { openidClientCall } from "../http/openid-client-call.ts"
import { isWebPage } from "./discovery.ts"
import { endless, expiry } from "./expiry.ts"
import { grant, parameters } from "./token-endpoint.ts"

export const deviceAuthorization = (
  engine: Engine,
  { scopes, audience }: GrantRequest = {},
): Effect.Effect<DeviceAuthorization, Reason> => {
  const asked = scopes ?? engine.settings.scopes ?? []
  const refused = rejectArgument(engine, "deviceAuthorization.audience", audience)
  if (refused !== undefined) return refused
  return Effect.gen(function* () {
    const answer = yield* openidClientCall(engine, {
      operation: "deviceAuthorization",
      endpoint: "deviceAuthorizationEndpoint",
      maxBytes: maxBytes.token,
      run: (config, client) => client.initiateDeviceAuthorization(config, parameters(engine, asked, audience)),
    })
    for (const path of ["verification_uri", "verification_uri_complete"] as const) {
      const uri = answer[path]
      if (uri !== undefined && !isWebPage(uri, engine.settings.insecureOrigins))
        return yield* Effect.fail<Reason>({ _tag: "UnexpectedResponse", path, detail: "no address of a web page" })
    }
    const now = yield* Clock.currentTimeMillis
    const expiresAt = expiry(answer.expires_in, now)
    if (expiresAt === undefined) return yield* Effect.fail(endless)
    return {
      deviceCode: answer.device_code,
      userCode: answer.user_code,
      verificationUri: answer.verification_uri,
      ...(answer.verification_uri_complete !== undefined && {
        verificationUriComplete: answer.verification_uri_complete,
      }),
      expiresAt,
      // RFC 8628 section 3.2: five seconds where the server names none.
      interval: Math.ceil(answer.interval ?? 5),
      scopes: asked,
    }
  })
}

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

/** Seconds that each `slow_down` adds, for good (RFC 8628 section 3.5). */
const slower = 5

export const pollDevice = (engine: Engine, device: DeviceAuthorization): Effect.Effect<Tokens, Reason> => {
  const ask = grant(
    engine,
    {
      operation: "pollDevice",
      run: (config, client) => client.genericGrantRequest(config, deviceGrant, { device_code: device.deviceCode }),
    },
    { scopes: device.scopes },
  )
  const wait = (interval: number): Effect.Effect<Tokens, Reason> =>
    Effect.gen(function* () {
      // Our own deadline: some servers answer "pending" for an expired code for ever.
      const left = device.expiresAt.getTime() - (yield* Clock.currentTimeMillis)
      if (left <= 0)
        return yield* Effect.fail<Reason>({
          _tag: "InvalidGrant",
          code: "expired_token",
          detail: "nobody finished in time",
        })
      yield* Effect.sleep(Duration.millis(Math.min(interval * 1000, left)))
      return yield* Effect.catch(ask, (reason) =>
        reason._tag === "AuthorizationPending" ? wait(interval + (reason.slowDown ? slower : 0)) : Effect.fail(reason),
      )
    })
  return wait(device.interval)
}
