import type { Fault } from "./fault.ts"

const planted =
  (file: string, tests: Fault["tests"]) =>
  (name: string, find: string, replace: string): Fault => ({ name, file, find, replace, tests })

const own = planted("src/config.ts", ["test/unit/own-adapters.test.ts"])
const provided = planted("src/config-provider.ts", ["test/unit/config-provider.test.ts"])
const read = planted("src/environment.ts", ["test/unit/own-adapters.test.ts", "test/unit/config-provider.test.ts"])

/** Adapters of one's own, another prefix of the variables, the layer of a `ConfigProvider`, the page of definitions. */
export const ownConfigurationFaults: ReadonlyArray<Fault> = [
  own(
    "createAuth does not know the adapters of one's own",
    'find(provider, "provider", own, ',
    'find(provider, "provider", undefined, ',
  ),
  own(
    "a configuration of an adapter of one's own ignores the transport",
    "Effect.map(adapter(members, options), widen)",
    "Effect.map(adapter(members), widen)",
  ),
  own(
    "an adapter of one's own lacks what others have",
    ": Effect.map(adapter(members, options), widen)",
    ": adapter(members, options)",
  ),
  own(
    "a value that is no adapter counts as one",
    'typeof adapter.check !== "function" || !adapter.id',
    "adapter === null",
  ),
  own(
    "the error of an unknown vendor names latchkey's adapters only",
    "expectedVendor(name, Array.from(all.keys(), String))",
    "expectedVendor(name, Object.keys(adapters))",
  ),
  own("the variable of the vendor ignores the prefix", 'variableOf("provider", prefix)', 'variableOf("provider")'),
  own("an empty prefix is accepted", 'if (prefix === "")', 'if (prefix === "none")'),
  read("variables of another prefix are not read", "prefix + member.replace", '"LATCHKEY_" + member.replace'),
  read(
    "an unknown variable of another prefix is ignored",
    "if (!name.startsWith(prefix) ||",
    'if (!name.startsWith("LATCHKEY_") ||',
  ),
  provided(
    "a ConfigProvider is read with the standard prefix",
    'const vendor = variableOf("provider", prefix)',
    'const vendor = variableOf("provider")',
  ),
  provided(
    "the variables of an adapter of one's own are not read from a ConfigProvider",
    "membersOfVendor(name, adapters), prefix",
    "membersOfVendor(name), prefix",
  ),
  provided("a list of a ConfigProvider is lost", "JSON.stringify(items.map((item) => item?.value))", '""'),
  planted("src/effect.ts", ["test/unit/config-provider.test.ts"])(
    "Auth.layerConfig ignores its options",
    "fromConfigProvider(options)",
    "fromConfigProvider(options === undefined ? options : {})",
  ),
  planted("src/adapters/logto/index.ts", ["test/docs/tables.test.ts"])(
    "the page of definitions is stale",
    'prompt: "consent"',
    'prompt: "login"',
  ),
]
