import type { Fault } from "./fault.ts"

const promise = "src/core/promise.ts"
const run = "src/core/run.ts"
const assemble = "src/adapters/oidc/assemble.ts"
const checked = "src/adapters/oidc/arguments/checked-operation.ts"
const promiseApi = ["test/unit/promise-api.test.ts"]
const callerStack = ["test/unit/caller-stack.test.ts"]
const listing = ["test/unit/listing.test.ts"]

/** Arguments, configuration, and the Promise and Effect APIs. */
export const apiFaults: ReadonlyArray<Fault> = [
  {
    name: "an uncaught error is printed below a line of latchkey",
    file: "src/core/caller.ts",
    find: 'Reflect.set(Error, "stackTraceLimit", 0)',
    replace: 'Reflect.set(Error, "stackTraceLimit", stackTraceLimit)',
    tests: callerStack,
  },
  {
    name: "reading the stack of an error throws where the application's formatter throws",
    file: "src/core/caller.ts",
    find: "  } catch {\n    return undefined\n",
    replace: "  } catch (error) {\n    throw error\n",
    tests: callerStack,
  },
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
    file: "src/environment.ts",
    find: "if (!isOfService(name.slice(prefix.length), text))",
    replace: "if (name === prefix)",
    tests: ["test/unit/from-env.test.ts"],
  },
  {
    name: "a property of Object.prototype is accepted as a vendor name",
    file: "src/config.ts",
    find: "all.get(name) as AnyAdapter",
    replace: "(all.get(name) ?? adapters[name as keyof Adapters]) as AnyAdapter",
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
    find: "if (timeout === undefined) return failing",
    replace: "if (timeout !== null) return failing",
    tests: ["test/unit/define.test.ts"],
  },
  {
    name: "an aborted call rejects with an error instead of the signal's reason",
    file: run,
    find: "  if (signal?.aborted && Cause.hasInterruptsOnly(cause)) throw signal.reason\n",
    replace: "",
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
    file: run,
    find: "runtime.fork(call, signal && { signal })",
    replace: "runtime.fork(call)",
    tests: promiseApi,
  },
  {
    name: "close closes nothing",
    file: promise,
    find: "Effect.runPromise(Effect.asVoid(Scope.close(scope, Exit.void)))",
    replace: "Promise.resolve()",
    tests: promiseApi,
  },
  {
    name: "the last page of an async iterable is lost",
    file: promise,
    find: "yield* items\n          cursor = next",
    replace: "cursor = next\n          if (cursor !== undefined) yield* items",
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
    file: run,
    find: ": runHot(runtime, call, current, signal)",
    replace: ": runHot(runtime, Effect.catchDefect(call, () => Effect.never), current, signal)",
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
    find: "const copy = withoutFrames(() => new AuthError({ ...error }))",
    replace: "const copy = error",
    tests: callerStack,
  },
  {
    name: "an introspection takes a stack before it fails",
    file: run,
    find: "isHot ? undefined : new Caller(method)",
    replace: "isHot ? new Caller(method) : new Caller(method)",
    tests: callerStack,
  },
  {
    name: "the stack of an introspection is taken before the engine knows who awaits it",
    file: run,
    find: "  await undefined\n  await undefined\n",
    replace: "",
    tests: callerStack,
  },
  {
    name: "the error of a list shows the line of the library's loop",
    file: promise,
    find: "throw withCaller(error, caller)",
    replace: "throw error",
    tests: callerStack,
  },
  {
    name: "a wrong configuration is thrown with the library's lines",
    file: promise,
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
  {
    name: "the configured audience of a client assertion for Ory is ignored",
    file: "src/adapters/ory/server.ts",
    find: "config.assertionAudience ? [config.assertionAudience] : tokenUrlsOf(config)",
    replace: "tokenUrlsOf(config)",
    tests: ["test/unit/ory-assertion.test.ts"],
  },
]
