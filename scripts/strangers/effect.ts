/** A stranger's program for the entry `latchkey/effect`. */
import { Effect, Stream } from "effect"
import { Auth, fromEnv } from "latchkey/effect"

export const clientNames = Effect.gen(function* () {
  const auth = yield* Auth
  return yield* auth.clients.list().pipe(
    Stream.map(({ name }) => name),
    Stream.take(2),
    Stream.runCollect,
  )
})

const program = Effect.gen(function* () {
  const auth = yield* Auth
  return yield* auth
    .introspect("token")
    .pipe(Effect.catchReason("AuthError", "RateLimited", () => Effect.succeed({ active: false } as const)))
})

const test = Auth.layerTest({ introspect: () => Effect.succeed({ active: false }) })
console.log(await Effect.runPromise(Effect.provide(program, test)))
console.log(await Effect.runPromise(Effect.flip(Effect.provide(program, Auth.layer(fromEnv({}))))))
