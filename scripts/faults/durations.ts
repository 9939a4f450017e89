import type { Fault } from "./fault.ts"

const reading = "src/internal/duration.ts"
const schema = "src/adapters/oidc/configuration/duration.ts"
const policy = "src/core/policies/timeout.ts"
const limit = "src/internal/timeout.ts"
const kept = "src/internal/kept-value.ts"
const polling = "src/adapters/oidc/operations/device-authorization.ts"
const steps = "src/adapters/kinde/steps.ts"
const fromJson = "src/core/tokens-from-json.ts"
const limits = "src/core/call-limits.ts"
const callLimits = ["test/policies/call-limits.test.ts"]
const durations = ["test/unit/durations.test.ts"]
const timeouts = ["test/policies/timeout.test.ts"]
const answers = ["test/unit/plain-answers.test.ts"]

/** Durations and their units, the timeouts of calls, and answers that need no import of Effect. */
export const durationsAndTimeouts: ReadonlyArray<Fault> = [
  {
    name: "a number without a unit is a duration in milliseconds",
    file: reading,
    find: "Duration.isDuration(value) ? Duration.toMillis(value) : -1",
    replace: 'Duration.isDuration(value) ? Duration.toMillis(value) : typeof value === "number" ? value : -1',
    tests: durations,
  },
  {
    name: "an infinite duration is accepted",
    file: reading,
    find: "millis >= 0 && millis < Number.POSITIVE_INFINITY",
    replace: "millis >= 0",
    tests: durations,
  },
  {
    name: "a duration in short minutes is read as milliseconds",
    file: reading,
    find: "{ m: minute,",
    replace: "{ m: 1,",
    tests: durations,
  },
  {
    name: "the error of a number without a unit names one reading only",
    file: reading,
    find: '{number} millis"; found',
    replace: '{number} seconds"; found',
    tests: durations,
  },
  {
    name: "an error repeats a long number, which may be a secret",
    file: reading,
    find: "{1,9}(\\.",
    replace: "{1,99}(\\.",
    tests: durations,
  },
  {
    name: "a duration that is sent in seconds may have a fraction of a second",
    file: schema,
    find: "Number.isSafeInteger(millis) && millis % 1000 === 0",
    replace: "Number.isSafeInteger(millis)",
    tests: durations,
  },
  {
    name: "an error names freshness instead of its maxAge",
    file: "src/adapters/oidc/arguments/check-arguments.ts",
    find: "path: [...path], message",
    replace: "path: [], message",
    tests: durations,
  },
  {
    name: "rememberFor is sent in milliseconds",
    file: "src/internal/duration.ts",
    find: "toMillis(duration) / second",
    replace: "toMillis(duration)",
    tests: ["test/unit/ory-lifespans.test.ts"],
  },
  {
    name: "a call without a timeout is unlimited",
    file: policy,
    find: "return usual === undefined ? whole : limited(whole, usual, args)",
    replace: "return usual === undefined || usual > 0 ? whole : limited(whole, usual, args)",
    tests: timeouts,
  },
  {
    name: "the timeout of the configuration is ignored",
    file: "src/core/policies/compose.ts",
    find: "timeout(policies.timeout)",
    replace: "timeout(policies.timeout && undefined)",
    tests: timeouts,
  },
  {
    name: "the timeout of the configuration ends the wait for a user",
    file: policy,
    find: "unlimited.has(operation) ? undefined : toMillis(configured)",
    replace: "toMillis(configured)",
    tests: timeouts,
  },
  {
    name: "a call that is answered at once starts a timer",
    file: limit,
    find: "if (exit !== undefined) return exit",
    replace: "if (exit === null) return exit",
    tests: timeouts,
  },
  {
    name: "the error of a timeout does not name its value",
    file: limit,
    find: "{printDuration(timeout)}, the",
    replace: "{''}, the",
    tests: timeouts,
  },
  {
    name: "the error of an attempt does not name attemptTimeout",
    file: "src/adapters/transport/allowed-origins.ts",
    find: ", the \\`attemptTimeout\\``",
    replace: "`",
    tests: timeouts,
  },
  {
    name: "an exchange may take 10 seconds",
    file: "src/adapters/oidc/configuration/settings.ts",
    find: 'timeLimit.default("5 seconds")',
    replace: 'timeLimit.default("10 seconds")',
    tests: timeouts,
  },
  {
    name: "a poll that hangs outlives the device code",
    file: polling,
    find: "withTimeout(poll, pollFor,",
    replace: "withTimeout(poll, pollFor + 60_000,",
    tests: timeouts,
  },
  {
    name: "the timeout limits the whole of several writes",
    file: policy,
    find: "provider.traits?.severalWrites?.has(operation) === true",
    replace: "false",
    tests: timeouts,
  },
  {
    name: "a write of several has no timeout",
    file: steps,
    find: "timed(step.perform)",
    replace: "step.perform",
    tests: timeouts,
  },
  {
    name: "the undoing of a write has no timeout",
    file: steps,
    find: "timed(step.undo)",
    replace: "step.undo",
    tests: timeouts,
  },
  {
    name: "the fetch of keys is repeated for a call with retry: false",
    file: "src/core/jwt/validate-jwt.ts",
    find: "options?.retry === false ? Effect.provideService",
    replace: "options?.retry !== undefined && options.retry ? Effect.provideService",
    tests: timeouts,
  },
  {
    name: "retry: false of one caller ends the fetch of keys for the others",
    file: kept,
    find: "if (flight.waiters > 0 || flight.isRefresh || kept.flight !== flight) return\n",
    replace: "if (flight.isRefresh || kept.flight !== flight) return\n",
    tests: timeouts,
  },
  {
    name: "an explanation waits for a vendor that hangs",
    file: "src/core/explain.ts",
    find: "toMillis(provider.policies?.timeout ?? defaultTimeout)",
    replace: "toMillis(defaultTimeout)",
    tests: timeouts,
  },
  {
    name: "a token with one of the scopes has all of them",
    file: "src/core/has-scopes.ts",
    find: "more.every(",
    replace: "more.concat(scope).some(",
    tests: answers,
  },
  {
    name: "an inactive token has scopes",
    file: "src/core/has-scopes.ts",
    find: "token.active && token.scopes?.includes(scope) === true",
    replace: "(!token.active || token.scopes?.includes(scope) === true)",
    tests: answers,
  },
  {
    name: "a stored date that is none is restored as an invalid Date",
    file: fromJson,
    find: "found instanceof Date && !Number.isNaN(found.getTime())",
    replace: "found instanceof Date",
    tests: answers,
  },
  {
    name: "stored tokens keep their date as text",
    file: fromJson,
    find: '...optional("expiresAt", date),',
    replace: "...(members.expiresAt === undefined ? {} : { expiresAt: members.expiresAt as Date }),",
    tests: answers,
  },
  {
    name: "retryAfterSeconds is rounded down",
    file: "src/ports/errors.ts",
    find: "Math.ceil(Duration.toSeconds",
    replace: "Math.floor(Duration.toSeconds",
    tests: answers,
  },
  {
    name: "a call with a fiber of its own does not end at its timeout",
    file: limits,
    find: "    this.#fiber.interruptUnsafe()\n",
    replace: "",
    tests: callLimits,
  },
  {
    name: "the deadline of an answered call stays",
    file: limits,
    find: "          limit.end()\n",
    replace: "",
    tests: callLimits,
  },
  {
    name: "an introspection that took too long rejects as interrupted",
    file: "src/core/run.ts",
    find: "if (overtime !== undefined) return",
    replace: "if (overtime === null) return",
    tests: callLimits,
  },
  {
    name: "an introspection that took too long counts as interrupted",
    file: "src/core/policies/trace.ts",
    find: "current?.fiber === fiber && ",
    replace: "current === null && ",
    tests: callLimits,
  },
  {
    name: "the shared timer of calls keeps a process alive after the last call",
    file: "src/internal/deadlines.ts",
    find: "      clearTimeout(timer)\n      firesAt",
    replace: "      firesAt",
    tests: ["test/transport/deadlines.test.ts"],
  },
]
