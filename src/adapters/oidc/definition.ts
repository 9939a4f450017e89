/** A vendor as data: what a definition holds, and the adapter that `define` makes from it. */
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { z } from "zod"
import type { AuthError, Issue, Reason } from "../../ports/errors.ts"
import type { Fleet } from "../../ports/fleet.ts"
import type { Method, Operation, Provider } from "../../ports/provider.ts"
import type { Transport } from "../../ports/transport.ts"
import type { Settings } from "./configuration/settings.ts"
import type { UncheckedConfiguration } from "./configuration/unchecked.ts"
import type { Engine } from "./engine/engine.ts"
import type { Instead } from "./instead.ts"
import type { StandardOperation } from "./operations/standard-operations.ts"
import type { Server } from "./server.ts"

/** An operation as an adapter implements it: it fails with a reason. The engine adds the provider and the operation. */
export type Raw<Op extends Operation> =
  Method<Op> extends (...args: infer Args) => Effect.Effect<infer A, AuthError>
    ? (...args: Args) => Effect.Effect<A, Reason>
    : never

/** Implementations of operations, by name. */
export type Raws<Op extends Operation> = { readonly [K in Op]: Raw<K> }

/** A vendor as data. */
export interface Definition<Can extends Operation, Config extends z.ZodType<Settings>, Id extends string = string> {
  /** The vendor's id, such as `"acme"`: the value of `provider` in a configuration. */
  readonly id: Id
  /** The schema of the configuration: a `z.strictObject` that spreads `settings`. */
  readonly config: Config
  /** Finds problems that concern several members. Runs also when the schema rejects the configuration. */
  readonly check?: (config: UncheckedConfiguration) => ReadonlyArray<Issue>
  /** The operations of the vendor. Types, `UnsupportedOperation`, contract tests and tables derive from this list. */
  readonly can: ReadonlyArray<Can>
  /** The addresses of the server, and its deviations from the standards. */
  readonly server: (config: z.output<Config>) => Server
  /** The operations in `can` that are not standard. */
  readonly operations?: (engine: Engine, config: z.output<Config>) => Raws<Exclude<Can, StandardOperation>>
  /** Replacements of standard operations in `can`. Prefer a value of `server` where there is one. */
  readonly overrides?: { readonly [Op in Can & StandardOperation]?: Override<Op, Config> }
  /**
   * The alternatives to operations that the vendor lacks, by operation or by group, such as `"clients.*"`. Default: the
   * alternatives that every server has.
   */
  readonly instead?: Instead
}

/** Makes the replacement of a standard operation. */
export type Override<Op extends Operation, Config extends z.ZodType<Settings>> = (context: {
  /** The standard operations of this server. */
  readonly standard: Raws<StandardOperation>
  readonly engine: Engine
  readonly config: z.output<Config>
}) => Raw<Op>

/** Requires `operations` if an operation in `can` is not standard. */
export type Implemented<Can extends Operation, Config extends z.ZodType<Settings>> = [
  Exclude<Can, StandardOperation>,
] extends [never]
  ? unknown
  : Required<Pick<Definition<Can, Config>, "operations">>

/** Makes a provider. It does no I/O before the first call. Fails with `InvalidConfig`. */
export interface Adapter<Can extends Operation, Input, Id extends string = string> {
  (config: Input, options?: AdapterOptions): Effect.Effect<Provider<Can>, AuthError, Scope.Scope>
  readonly id: Id
  readonly can: ReadonlyArray<Can>
  /** The schema of each member of the configuration, by name. */
  readonly members: Readonly<Record<string, z.ZodType>>
  /** Returns every problem of a configuration, with the path of its member. */
  readonly check: (config: unknown) => ReadonlyArray<Issue>
}

/** The second argument of an adapter. */
export interface AdapterOptions {
  /**
   * A transport that replaces the standard one, or a function that wraps the standard one. The caller closes a
   * transport.
   */
  readonly transport?: Transport | ((standard: Transport) => Transport)
  /**
   * The fleet through which the processes of a service share cached introspections, revocations, and requests for
   * tokens, keys and metadata, such as `fleet({ client, secret })` of `latchkey/redis`. The caller closes it.
   */
  readonly fleet?: Fleet | undefined
}
