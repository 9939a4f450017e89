/** What stands around a provider, in its one order. */
import type { Identity } from "../ports/provider.ts"
import { enrich } from "./enrich.ts"

/** Puts everything that is on by default around a provider; its type stays what it was. */
export const compose = <P extends Identity>(provider: P): P => enrich()(provider)
