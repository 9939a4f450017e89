import type { Fault } from "./fault.ts"

const promise = "src/core/promise.ts"
const assemble = "src/adapters/oidc/assemble.ts"
const checked = "src/adapters/oidc/arguments/checked-operation.ts"
const promiseApi = ["test/unit/promise-api.test.ts"]
const callerStack = ["test/unit/caller-stack.test.ts"]
const listing = ["test/unit/listing.test.ts"]

/** Arguments, configuration, and the Promise and Effect APIs. */
export const apiFaults: ReadonlyArray<Fault> = [
  {
    name: "an unknown option is ignored",
    file: "src/adapters/oidc/arguments/fields.ts",
    find: "z.strictObject(callOptions).optional()",
    replace: "z.object(callOptions).optional()",
    tests: ["test/unit/arguments.test.ts"],
  },
  {
    name: "a private JWK is accepted as a public key",
    file: "src/adapters/oidc/arguments/fields.ts",
    find: "!privateMembers.some((name) => Object.hasOwn(jwk, name))",
    replace: 'jwk.kty !== ""',
    tests: ["test/unit/private-jwk.test.ts"],
  },
  {
    name: "a symmetric JWK is accepted as a public key",
    file: "src/adapters/oidc/arguments/fields.ts",
    find: '"oth", "k"]',
    replace: '"oth"]',
    tests: ["test/unit/private-jwk.test.ts"],
  },
  {
    name: "an unknown member of the configuration is ignored",
    file: "src/adapters/ory/config.ts",
    find: "export const config = z.strictObject({",
    replace: "export const config = z.object({",
    tests: ["test/unit/config.test.ts"],
  },
  {
    name: "an unknown environment variable is ignored",
    file: "src/config.ts",
    find: 'if (member === undefined || schema === undefined) issues.push({ path: name, message: "unknown variable" })',
    replace: "if (member === undefined || schema === undefined) continue",
    tests: ["test/unit/from-env.test.ts"],
  },
  {
    name: "a property of Object.prototype is accepted as a vendor name",
    file: "src/config.ts",
    find: "Object.hasOwn(adapters, name)",
    replace: "name in adapters",
    tests: ["test/unit/config.test.ts"],
  },
  {
    name: "an unsupported operation is undefined",
    file: "src/core/widen.ts",
    find: "if (!provider.can.has(operation))",
    replace: "if (provider.can.size === 0)",
    tests: ["test/unit/widen.test.ts"],
  },
  {
    name: "an argument that the vendor would ignore is accepted",
    file: "src/adapters/oidc/arguments/reject-argument.ts",
    find: "if (value === undefined || instead === undefined) return undefined",
    replace: "if (value !== null || instead === undefined) return undefined",
    tests: ["test/unit/tokens.test.ts"],
  },
  {
    name: "the timeout of a call is ignored",
    file: checked,
    find: "(args[index] as CallOptions | undefined)?.timeout, (reason) =>",
    replace: "undefined, (reason) =>",
    tests: ["test/unit/define.test.ts"],
  },
  {
    name: "an aborted call rejects with an error instead of the signal's reason",
    file: promise,
    find: "throw signal.aborted && Cause.hasInterruptsOnly(exit.cause) ? signal.reason : Cause.squash(exit.cause)",
    replace: "throw Cause.squash(exit.cause)",
    tests: promiseApi,
  },
  {
    name: "a call with an already aborted signal is made",
    file: promise,
    find: "if (signal.aborted) return Promise.reject(signal.reason)",
    replace: "",
    tests: promiseApi,
  },
  {
    name: "an abort does not stop the call",
    file: promise,
    find: "Effect.runPromiseExit(call(...withoutSignal), { signal })",
    replace: "Effect.runPromiseExit(call(...withoutSignal))",
    tests: promiseApi,
  },
  {
    name: "close closes nothing",
    file: promise,
    find: "Effect.runPromise(Scope.close(scope, Exit.void))",
    replace: "Promise.resolve()",
    tests: promiseApi,
  },
  {
    name: "the last page of an async iterable is lost",
    file: promise,
    find: "yield* page.items\n        cursor = page.next",
    replace: "cursor = page.next\n        if (cursor !== undefined) yield* page.items",
    tests: listing,
  },
  {
    name: "the second page of a stream repeats the first",
    file: "src/core/streams.ts",
    find: "fetchPage(withCursor(query, cursor), options)",
    replace: "fetchPage(withCursor(query, cursor && undefined), options)",
    tests: listing,
  },
  {
    name: "an override of a standard operation is ignored",
    file: assemble,
    find: "replaced[name]?.({ standard: base, engine, config }) ??\n",
    replace: "",
    tests: ["test/unit/define.test.ts"],
  },
  {
    name: "the Promise API does not settle when a fiber ends without its exit handler",
    file: promise,
    find: `  Effect.runFork(call).addObserver((exit) => {
    if (Exit.isSuccess(exit)) fulfill?.(exit.value)
    else fail?.(Cause.squash(exit.cause))
    fulfill = undefined
    fail = undefined
  })
`,
    replace: `  Effect.runFork(
    Effect.onExitPrimitive(call, (exit) => {
      if (Exit.isSuccess(exit)) fulfill?.(exit.value)
      else fail?.(Cause.squash(exit.cause))
      return undefined
    }),
  )
`,
    tests: ["test/unit/promise-api.test.ts"],
  },
  {
    name: "the stack of a rejected promise shows the library's lines",
    file: "src/core/caller.ts",
    find: "Error.captureStackTrace(this, method)",
    replace: "Error.captureStackTrace(this)",
    tests: callerStack,
  },
  {
    name: "waiters of one request share one error",
    file: "src/core/caller.ts",
    find: "const copy = new AuthError({ ...error })",
    replace: "const copy = error",
    tests: callerStack,
  },
  {
    name: "an introspection takes a stack before it fails",
    file: "src/core/run.ts",
    find: "isHot ? undefined : new Caller(method)",
    replace: "isHot ? new Caller(method) : new Caller(method)",
    tests: callerStack,
  },
  {
    name: "the stack of an introspection is taken before the engine knows who awaits it",
    file: "src/core/run.ts",
    find: "  await undefined\n  await undefined\n",
    replace: "",
    tests: callerStack,
  },
  {
    name: "the error of a list shows the line of the library's loop",
    file: "src/core/promise.ts",
    find: "throw withCaller(error, caller)",
    replace: "throw error",
    tests: callerStack,
  },
  {
    name: "a wrong configuration is thrown with the library's lines",
    file: "src/core/promise.ts",
    find: "new Caller(caller ?? promised)",
    replace: "new Caller(() => undefined)",
    tests: callerStack,
  },
  {
    name: "a printed AuthError has no stack",
    file: "src/ports/errors.ts",
    find: "customInspect: false }) : this.stack",
    replace: "customInspect: false }).slice(0, 0) : this.stack",
    tests: callerStack,
  },
]
