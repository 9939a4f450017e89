import * as Effect from "effect/Effect"
import { inMemoryOry, jsonResponse } from "../../in-memory-ory.ts"
import type { MakeIntrospect } from "../peer.ts"

/** Makes a latchkey provider whose vendor is in the same process. */
export const make: MakeIntrospect = (request) => {
  const auth = inMemoryOry(() => Effect.map(Effect.promise(request), jsonResponse))
  return (token) => auth.introspect(token)
}
