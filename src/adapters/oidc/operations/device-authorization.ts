/** The device authorization grant. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { IsRepeat } from "../../../internal/repeated-call.ts"
import { withTimeout } from "../../../internal/timeout.ts"
import { isRetryable, type Reason } from "../../../ports/errors.ts"
import type { DeviceAuthorization, GrantRequest, PendingDevice, Tokens } from "../../../ports/issuance.ts"
import { rejectArgument } from "../arguments/reject-argument.ts"
import type { Engine } from "../engine/engine.ts"
import { maxBytes } from "../http/limits.ts"
import { openidClientCall } from "../http/openid-client-call.ts"
import { isWebPage, unsafeForBrowsers } from "./discovery.ts"
import { expiry, expiryOutOfRange } from "./expiry.ts"
import { grant, grantParameters } from "./token-endpoint.ts"

export const deviceAuthorization = (
  engine: Engine,
  { scopes, audience }: GrantRequest = {},
): Effect.Effect<DeviceAuthorization, Reason> => {
  const requested = scopes ?? engine.settings.scopes ?? []
  const rejection = rejectArgument(engine, "deviceAuthorization.audience", audience)
  if (rejection !== undefined) return rejection
  return Effect.gen(function* () {
    const response = yield* openidClientCall(engine, {
      operation: "deviceAuthorization",
      endpoint: "deviceAuthorizationEndpoint",
      maxBytes: maxBytes.token,
      run: (config, client) => client.initiateDeviceAuthorization(config, grantParameters(engine, requested, audience)),
    })
    for (const path of ["verification_uri", "verification_uri_complete"] as const) {
      const uri = response[path]
      if (uri !== undefined && !isWebPage(uri, engine.settings.insecureOrigins))
        return yield* Effect.fail<Reason>({ _tag: "UnexpectedResponse", path, detail: unsafeForBrowsers })
    }
    const now = yield* Clock.currentTimeMillis
    const expiresAt = expiry(response.expires_in, now)
    if (expiresAt === undefined) return yield* Effect.fail(expiryOutOfRange)
    return {
      deviceCode: response.device_code,
      userCode: response.user_code,
      verificationUri: response.verification_uri,
      ...(response.verification_uri_complete !== undefined && {
        verificationUriComplete: response.verification_uri_complete,
      }),
      expiresAt,
      // Five seconds if the server names no interval (RFC 8628 section 3.2).
      intervalSeconds: Math.ceil(response.interval ?? 5),
      scopes: requested,
    }
  })
}

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

/** The seconds that each `slow_down` adds to the interval (RFC 8628 section 3.5). */
const slowDownSeconds = 5

/** The interval that timeouts increase to, in seconds: after an outage, the user does not wait for longer. */
const longestInterval = 60

/** The pauses of one device authorization, in seconds. */
interface Pace {
  /** Between two polls from now on. */
  readonly interval: number
  /** Before the next poll, if the server or the circuit breaker requests a longer pause than the interval. */
  readonly after?: number
}

/** Returns the pace after a poll without tokens; `undefined` if the error ends the polling (RFC 8628 section 3.5). */
const paceAfter = (reason: Reason, interval: number): Pace | undefined => {
  const slower: Pace = { interval: interval + slowDownSeconds }
  if (reason._tag === "AuthorizationPending") return reason.slowDown ? slower : { interval }
  // Whether the user has finished is still unknown, so the device code stays in use.
  if (!isRetryable(reason)) return undefined
  if ("after" in reason && reason.after !== undefined) return { interval, after: Duration.toSeconds(reason.after) }
  if (reason._tag === "RateLimited") return slower
  const paused = Math.max(interval, 1)
  return { interval: isTimeout(reason) ? Math.max(paused, Math.min(paused * 2, longestInterval)) : paused }
}

/** Whether no response came in time: none at all, 408 (Request Timeout) or 504 (Gateway Timeout). */
const isTimeout = (reason: Reason): boolean =>
  reason._tag === "Unavailable" && (reason.status === undefined || reason.status === 408 || reason.status === 504)

const expiredCode: Reason = {
  _tag: "InvalidGrant",
  code: "expired_token",
  detail: "the device code expired before the server issued tokens",
}

/** How long before the end of the device code the last poll begins, so that it is answered in time, in milliseconds. */
const lastPollFor = 1000

export const pollDevice = (engine: Engine, device: PendingDevice): Effect.Effect<Tokens, Reason> => {
  const poll = grant(
    engine,
    {
      operation: "pollDevice",
      run: (config, client) => client.genericGrantRequest(config, deviceGrant, { device_code: device.deviceCode }),
    },
    { scopes: device.scopes },
  )
  const expiresAt = new Date(device.expiresAt).getTime()
  const pollAfter = ({ interval, after = 0 }: Pace): Effect.Effect<Tokens, Reason> =>
    Effect.gen(function* () {
      // Checked here, because some servers respond with `authorization_pending` even after the code has expired.
      const left = expiresAt - (yield* Clock.currentTimeMillis)
      if (left <= 0) return yield* Effect.fail(expiredCode)
      const pause = Math.max(interval, after) * 1000
      // No poll follows a pause beyond the end of the device code that the server requested.
      const isOver = after * 1000 >= left || (pause >= left && left <= lastPollFor)
      yield* Effect.sleep(Duration.millis(isOver ? left : pause < left ? pause : left - lastPollFor))
      const pollFor = expiresAt - (yield* Clock.currentTimeMillis)
      if (isOver || pollFor <= 0) return yield* Effect.fail(expiredCode)
      const timed = withTimeout(poll, pollFor, () => Effect.fail(expiredCode))
      return yield* Effect.catch(timed, (reason) => {
        const pace = paceAfter(reason, interval)
        if (pace === undefined) return Effect.fail(reason)
        // The circuit breaker counts the polls after a failure as one call.
        return Effect.provideService(pollAfter(pace), IsRepeat, isRetryable(reason))
      })
    })
  return pollAfter({ interval: device.intervalSeconds })
}
