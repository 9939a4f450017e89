/** Making an adapter out of data. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { z } from "zod"
import { makeTransport } from "#transport"
import { AuthError, type Issue, type Reason } from "../../ports/errors.ts"
import type { Method, Operation, Provider } from "../../ports/provider.ts"
import type { Transport } from "../../ports/transport.ts"
import { assemble } from "./assemble.ts"
import { breaker } from "../transport/circuit-breaker.ts"
import { type Engine, makeEngine } from "./engine/make-engine.ts"
import { makeOwnToken } from "./engine/service-token.ts"
import { policyIssues } from "./configuration/policy-settings.ts"
import type { Server } from "./server.ts"
import type { Settings } from "./configuration/settings.ts"
import { credentialIssues, insecureIssues, type Written } from "./configuration/settings.ts"
import type { StandardOperation } from "./operations/standard.ts"
import { timedDoor } from "../transport/timing.ts"

/** An operation as an adapter writes it: it fails with a reason, and the engine says who and what. */
export type Raw<Op extends Operation> =
  Method<Op> extends (...args: infer Args) => Effect.Effect<infer A, AuthError>
    ? (...args: Args) => Effect.Effect<A, Reason>
    : never

/** Some operations by name. */
export type Raws<Op extends Operation> = { readonly [K in Op]: Raw<K> }

/** A vendor, as data first. */
export interface Definition<Can extends Operation, Config extends z.ZodType<Settings>> {
  readonly id: string
  /** A `z.strictObject` that spreads `settings`. */
  readonly config: Config
  /** Problems between members, that no schema of one member finds. */
  readonly check?: (written: Written) => ReadonlyArray<Issue>
  /** Every operation the vendor has: types, refusals, contract and tables derive from it. */
  readonly can: ReadonlyArray<Can>
  readonly server: (config: z.output<Config>) => Server
  /** The declared operations that are not standard. */
  readonly operations?: (engine: Engine, config: z.output<Config>) => Raws<Exclude<Can, StandardOperation>>
  /** Replaces declared standard operations; the last resort. */
  readonly override?: (
    standard: Raws<StandardOperation>,
    engine: Engine,
    config: z.output<Config>,
  ) => Partial<Raws<Can & StandardOperation>>
  /** What to use in place of an operation that the vendor lacks. */
  readonly instead?: Readonly<Partial<Record<Operation, string>>>
}

/** Declared operations that are not standard must be there. */
type Implemented<Can extends Operation, Config extends z.ZodType<Settings>> = [
  Exclude<Can, StandardOperation>,
] extends [never]
  ? unknown
  : Required<Pick<Definition<Can, Config>, "operations">>

/** Makes a provider; it does no input or output before the first call. Fails with `InvalidConfig`. */
export interface Adapter<Can extends Operation, Input> {
  (config: Input, options?: AdapterOptions): Effect.Effect<Provider<Can>, AuthError, Scope.Scope>
  readonly id: string
  readonly can: ReadonlyArray<Can>
  /** The names of the configuration's members. */
  readonly keys: ReadonlyArray<string>
  /** Every problem of a configuration, by path. */
  readonly check: (config: unknown) => ReadonlyArray<Issue>
}

export interface AdapterOptions {
  /** Another door to the network than the standard one, which whoever made it closes; or one around the standard one. */
  readonly transport?: Transport | ((standard: Transport) => Transport)
}

/**
 * Defines an adapter.
 *
 * An operation or override outside `can`, and a declared operation that nothing implements, throw here and now.
 */
export const define = <const Can extends Operation, Config extends z.ZodObject & z.ZodType<Settings>>(
  definition: Definition<Can, Config> & Implemented<Can, Config>,
): Adapter<Can, z.input<Config>> => {
  const { id, can, instead = {} } = definition
  const stray = can.find((name) => name in instead)
  if (stray !== undefined) throw new TypeError(`${id}: "${stray}" is in "can", so there is no need of an "instead"`)

  const named = namesOf(definition)
  const outside = named.find((name) => !can.some((each) => each === name))
  if (outside !== undefined) throw new TypeError(`${id}: "${outside}" is implemented but not in "can"`)

  const check = (config: unknown) => problems(definition, config)
  const make = (input: z.input<Config>, options: AdapterOptions = {}) =>
    Effect.gen(function* () {
      const issues = check(input)
      if (issues.length > 0)
        return yield* new AuthError({ provider: id, operation: "config", reason: { _tag: "InvalidConfig", issues } })
      const configs = bySecret(input).map((each) => definition.config.parse(each))
      const [first = definition.config.parse(input)] = configs
      const transport = yield* door(id, options, first)
      const engines = configs.map((config) => engineFor(definition, config, transport))
      return assemble(definition, engines, configs)
    })
  return Object.assign(make, { id, can, keys: Object.keys(definition.config.shape), check })
}

/** The door, timed where traces are on, and with a breaker in it. */
const door = (
  id: string,
  { transport }: AdapterOptions,
  { insecure, breaker: options, trace }: Settings,
): Effect.Effect<Transport, never, Scope.Scope> => {
  const standard = typeof transport === "object" ? Effect.succeed(transport) : makeTransport({ insecure })
  const given = typeof transport === "function" ? Effect.map(standard, transport) : standard
  const timed = trace === false ? given : Effect.map(given, timedDoor)
  return options === false ? timed : Effect.map(timed, breaker(id, options))
}

/** One configuration for each client secret given. */
const bySecret = <Input extends object>(input: Input): ReadonlyArray<Input> =>
  "clientSecret" in input && Array.isArray(input.clientSecret)
    ? input.clientSecret.map((clientSecret) => ({ ...input, clientSecret }))
    : [input]

const engineFor = <Can extends Operation, Config extends z.ZodType<Settings>>(
  { id, server: serverOf }: Definition<Can, Config>,
  config: z.output<Config>,
  transport: Transport,
): Engine => {
  const server = serverOf(config)
  const own = server.ownToken && makeOwnToken(id, server.ownToken, config, server, transport)
  return makeEngine(id, config, server, transport, own)
}

/** Stands for an engine or a configuration where only the names of operations are of interest. */
const inert: never = new Proxy(() => inert, {
  get: (_, key) => (key === Symbol.toPrimitive ? () => "" : inert),
  apply: () => inert,
}) as never

/** The operations that a definition implements or overrides; none where they cannot be told before it is used. */
const namesOf = <Can extends Operation, Config extends z.ZodType<Settings>>({
  operations,
  override,
}: Definition<Can, Config>): ReadonlyArray<string> => {
  try {
    return [...Object.keys(operations?.(inert, inert) ?? {}), ...Object.keys(override?.(inert, inert, inert) ?? {})]
  } catch {
    return []
  }
}

const problems = <Can extends Operation, Config extends z.ZodType<Settings>>(
  { config, check }: Definition<Can, Config>,
  input: unknown,
): ReadonlyArray<Issue> => {
  const found = config.safeParse(input, { error: required }).error?.issues.flatMap(issues) ?? []
  if (typeof input !== "object" || input === null) return found
  const written = input as Written
  const between = [
    ...credentialIssues(written),
    ...insecureIssues(written),
    ...policyIssues(written),
    ...(check?.(written) ?? []),
  ]
  return [...found, ...between.filter(({ path }) => !found.some((issue) => issue.path === path))]
}

/** Says the plainest of it; where a member has words of its own, they stand. */
const required: z.core.$ZodErrorMap = ({ code, input }) =>
  code === "invalid_type" && input === undefined ? "required" : undefined

const issues = (issue: z.core.$ZodIssue): ReadonlyArray<Issue> => {
  const below = issue.code === "invalid_union" ? furthest(issue.errors) : []
  if (below.length > 0) return below.flatMap((each) => issues({ ...each, path: [...issue.path, ...each.path] }))
  return issue.code === "unrecognized_keys"
    ? issue.keys.map((key) => ({ path: [...issue.path, key].join("."), message: "unknown key" }))
    : [{ path: issue.path.join("."), message: issue.message }]
}

/** Of several ways to write a member, the problems of the one that was meant: it was understood to some depth. */
const furthest = (ways: ReadonlyArray<ReadonlyArray<z.core.$ZodIssue>>): ReadonlyArray<z.core.$ZodIssue> =>
  ways.find((way) => way.some((issue) => issue.path.length > 0 || issue.code === "unrecognized_keys")) ?? []
