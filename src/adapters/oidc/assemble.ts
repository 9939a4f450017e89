/** Putting a provider together out of a definition and the engines that do its calls. */
import type { z } from "zod"
import { signatures } from "#signature"
import type { Identity, Operation, Provider } from "../../ports/provider.ts"
import { checked, type Unchecked } from "./arguments/checked-operation.ts"
import type { Definition } from "./define.ts"
import type { Engine } from "./engine/make-engine.ts"
import { plainly } from "./configuration/unredact.ts"
import { policiesOf } from "./configuration/policy-settings.ts"
import { rotation } from "./secret-rotation.ts"
import type { Settings } from "./configuration/settings.ts"
import { standard } from "./operations/standard.ts"

type Method = ReturnType<typeof checked>

/** Makes the provider: one engine for each client secret given, each with its configuration. */
export const assemble = <Can extends Operation, Config extends z.ZodType<Settings>>(
  definition: Definition<Can, Config>,
  engines: ReadonlyArray<Engine>,
  configs: ReadonlyArray<z.output<Config>>,
): Provider<Can> => {
  const { id, can, instead = {} } = definition
  const [first, second] = engines.map((engine, at) => methods(definition, engine, configs[at] as z.output<Config>))
  const either = engines[0] && rotation(id, engines[0].server).either
  const provider: Identity & Record<string, unknown> = {
    id,
    can: new Set<Operation>(can),
    instead,
    ...(engines[0] && about(engines[0], configs)),
  }
  for (const name of can) {
    const [mine, other] = [first?.get(name), second?.get(name)]
    if (mine !== undefined) place(provider, name, other && either ? either(name, mine, other) : mine)
  }
  return provider as Identity as Provider<Can>
}

const methods = <Can extends Operation, Config extends z.ZodType<Settings>>(
  { id, can, operations, override }: Definition<Can, Config>,
  engine: Engine,
  config: z.output<Config>,
): ReadonlyMap<Can, Method> => {
  const own: Readonly<Record<string, Unchecked | undefined>> = operations?.(engine, config) ?? {}
  const base = standard(engine)
  const overrides: Readonly<Record<string, Unchecked | undefined>> = override?.(base, engine, config) ?? {}
  for (const name of [...Object.keys(own), ...Object.keys(overrides)])
    if (!can.some((each) => each === name)) throw new TypeError(`${id}: "${name}" is implemented but not in "can"`)
  return new Map(
    can.map((name) => {
      const raw = overrides[name] ?? own[name] ?? (base as Readonly<Record<string, Unchecked | undefined>>)[name]
      if (raw === undefined) throw new TypeError(`${id}: "${name}" is in "can" but nothing implements it`)
      return [name, checked(id, name, raw)]
    }),
  )
}

/** What the provider says of itself, for what stands around it. */
const about = (
  { server, settings }: Engine,
  configs: ReadonlyArray<Settings>,
): Pick<Identity, "jwt" | "backend" | "traits" | "policies"> => ({
  ...(server.jwt !== undefined && {
    jwt: { ...server.jwt, issuer: server.issuer, audience: settings.audience, clockSkew: settings.clockSkew },
  }),
  backend: {
    instance: server.issuer,
    endpoint: server.endpoints?.introspectionEndpoint ?? server.metadataUrl,
    credential: signatures.keyedHash(JSON.stringify(plainly(configs))),
  },
  ...(server.traits !== undefined && { traits: server.traits }),
  policies: policiesOf(settings),
})

const place = (provider: Record<string, unknown>, name: Operation, method: unknown): void => {
  const [group, member] = name.split(".") as [string, string | undefined]
  if (member === undefined) provider[group] = method
  else provider[group] = { ...(provider[group] as object | undefined), [member]: method }
}
