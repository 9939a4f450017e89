/** The fleet of a configuration that environment variables hold. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { contentOf, type Environment } from "./environment.ts"
import type { Issue } from "./ports/errors.ts"
import type { Fleet } from "./ports/fleet.ts"
import { fleet } from "./redis/fleet.ts"
import { type FleetOptions, fleetProblems } from "./redis/options.ts"

/** A fleet whose secrets are in `LATCHKEY_FLEET_SECRET` and `LATCHKEY_FLEET_SECRET_OLD`, or in files that `_FILE` names. */
export type FleetOfEnvironment = Omit<FleetOptions, "secret" | "oldSecret">

const members = { FLEET_SECRET: "secret", FLEET_SECRET_OLD: "oldSecret" } as const

/** The names of the variables of a fleet. */
export const fleetVariables = (prefix: string): ReadonlyArray<string> =>
  Object.keys(members).flatMap((name) => [prefix + name, `${prefix}${name}_FILE`])

interface FleetReading {
  /** The other variables. */
  readonly env: Environment
  readonly issues: ReadonlyArray<Issue>
  /** Makes the fleet, which ends with the scope, unless there are issues. */
  readonly make: Effect.Effect<Fleet | undefined, never, Scope.Scope>
}

const isFleet = (value: FleetOfEnvironment | Fleet): value is Fleet => "claim" in value

/** Reads the variables of a fleet. `option`: the option `fleet` of `fromEnv`. */
export const readFleet = (
  all: Environment,
  prefix: string,
  option: FleetOfEnvironment | Fleet | undefined,
): FleetReading => {
  const names = new Set(fleetVariables(prefix))
  const env = Object.fromEntries(Object.entries(all).filter(([name]) => !names.has(name)))
  const given = Array.from(names).filter((name) => all[name])
  if (option === undefined || isFleet(option)) {
    const message =
      option === undefined
        ? 'no fleet uses it: give the option "fleet" of fromEnv, such as { fleet: { client } }'
        : "the option fleet has a secret already: omit the variable, or give { fleet: { client } }"
    return { env, issues: given.map((path) => ({ path, message })), make: Effect.succeed(option) }
  }
  const read = Object.entries(members).map(([name, member]) => readSecret(all, prefix + name, member))
  const secrets = Object.fromEntries(read.flatMap(({ member, text }) => (text === undefined ? [] : [[member, text]])))
  const options = { ...option, ...secrets } as FleetOptions
  const unread = read.flatMap(({ issue }) => issue ?? [])
  const problems = fleetProblems(options).map(({ path, message }) => ({ path: pathOf(path, prefix), message }))
  const issues = [...unread, ...problems.filter(({ path }) => !unread.some((issue) => issue.path.startsWith(path)))]
  const make = Effect.acquireRelease(
    Effect.sync(() => fleet(options)),
    (made) => Effect.promise(() => made.close()),
  )
  return { env, issues, make }
}

/** The variable of a member, or the path of the option. */
const pathOf = (path: string, prefix: string): string => {
  const found = Object.entries(members).find(([, member]) => member === path)
  return found === undefined ? `fleet.${path}` : prefix + found[0]
}

interface ReadSecret {
  readonly member: string
  readonly text?: string
  readonly issue?: Issue
}

const readSecret = (env: Environment, name: string, member: string): ReadSecret => {
  const file = `${name}_FILE`
  const [text, path] = [env[name], env[file]]
  if (text && path) return { member, text, issue: { path: file, message: `give ${name} or ${file}, not both` } }
  if (!path) return { member, ...(text && { text }) }
  const { value, message } = contentOf(path)
  return message === undefined ? { member, text: value } : { member, issue: { path: file, message } }
}
