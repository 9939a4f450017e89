import * as Effect from "effect/Effect"
import { inMemoryOry, says } from "../../in-memory-ory.ts"
import type { MakeIntrospect } from "../peer.ts"

/** latchkey, its vendor within the process. */
export const make: MakeIntrospect = (ask) => {
  const auth = inMemoryOry(() => Effect.map(Effect.promise(ask), says))
  return (token) => auth.introspect(token)
}
