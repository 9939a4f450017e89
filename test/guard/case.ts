/** What a server of a binding is made of. */
import type { Introspector } from "../../src/guard/introspector.ts"
import type { Needs } from "../../src/guard/needs.ts"
import type { GuardOptions } from "../../src/guard/options.ts"
import type { Received, Sent } from "./send.ts"

/** A protected route. Its handler answers with the subject of the principal as JSON. */
export interface Case {
  readonly path: string
  readonly method: "GET" | "OPTIONS"
  readonly auth: Introspector
  readonly options: GuardOptions
  readonly needs: Needs
}

export interface Running {
  /** Absent if the handlers are called in the process. */
  readonly port?: number
  readonly send: (request: Sent) => Promise<Received>
  readonly close: () => Promise<unknown>
}

export interface Binding {
  readonly name: string
  /** Whether handlers may be called without a principal: by routes that say `optional`, and with `preflight: "pass"`. */
  readonly allowsAnonymous: boolean
  readonly start: (cases: ReadonlyArray<Case>) => Promise<Running>
}
