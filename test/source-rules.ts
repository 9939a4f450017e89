import { posix } from "node:path"
import { parseAst } from "vitest/node"

/** One file of the repository: its path from the root, with forward slashes, and its text. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** Returns one sentence for each violation in a file. */
export type Rule = (file: SourceFile) => ReadonlyArray<string>

interface Area {
  readonly under: string
  /** What the area may import besides itself: a prefix that ends in `/` or `:`, or an exact name. `type ` allows types only. */
  readonly may: ReadonlyArray<string>
  /** What it may not import although it lies inside the area. */
  readonly never?: string
}

const publicEntries = ["latchkey", "latchkey/", "effect/", "node:"]
const shared = ["src/ports/", "src/internal/", "effect/"]
const entryMay = [
  "src/core/",
  "src/ports/",
  "effect/",
  "src/adapters/transport/standard.ts",
  "type src/adapters/transport/transport-options.ts",
  "type src/adapters/oidc/definition.ts",
]

/** The functions from transport to transport, which the adapters put around a transport. */
const transportWrappers = [
  "src/adapters/transport/circuit-breaker.ts",
  "src/adapters/transport/origin.ts",
  "src/adapters/transport/own-headers.ts",
  "src/adapters/transport/timing.ts",
]

/** What a configuration says about connections. */
const transportSettings = ["src/adapters/transport/proxy-settings.ts", "src/adapters/transport/transport-options.ts"]

/** Who may import whom. The first area that holds a file decides; a folder of `src/adapters/` not named here is a vendor. */
const areas: ReadonlyArray<Area> = [
  { under: "src/ports/", may: ["effect/", "type node:"] },
  { under: "src/internal/", may: ["src/ports/", "effect/", "#platform"] },
  { under: "src/core/", may: [...shared, "#platform", "#signature"] },
  {
    under: "src/adapters/oidc/",
    may: [...shared, ...transportWrappers, ...transportSettings, "zod", "openid-client", "#transport", "#signature"],
  },
  {
    under: "src/adapters/transport/undici",
    may: [...shared, "src/adapters/transport/", "undici", "node:"],
  },
  {
    under: "src/adapters/transport/standard",
    may: [...shared, "#transport", "src/adapters/transport/transport-options.ts"],
  },
  { under: "src/adapters/transport/", may: shared, never: "src/adapters/transport/undici" },
  { under: "src/adapters/platform/", may: ["src/ports/", "effect/"] },
  { under: "src/adapters/signature/node", may: ["src/ports/", "src/internal/", "node:"] },
  { under: "src/adapters/signature/", may: ["src/ports/", "src/internal/"] },
  {
    under: "src/config-provider.ts",
    may: [...shared, "src/config.ts", "src/environment.ts", "src/fleet-config.ts"],
  },
  { under: "src/fleet-config.ts", may: [...shared, "src/environment.ts", "src/redis/"] },
  {
    under: "src/config.ts",
    may: [...shared, "src/core/", "src/adapters/", "src/environment.ts", "src/fleet-config.ts"],
  },
  { under: "src/environment.ts", may: [...shared, "src/adapters/oidc/configuration/", "zod"] },
  { under: "src/exports.ts", may: entryMay },
  { under: "src/core.ts", may: [...entryMay, "src/exports.ts"] },
  { under: "src/index.ts", may: [...entryMay, "src/core.ts", "src/config.ts"] },
  { under: "src/effect.ts", may: [...entryMay, "src/exports.ts", "src/config.ts", "src/config-provider.ts"] },
  {
    under: "src/guard/",
    may: [
      ...shared,
      "src/core/jwt/jwt.ts",
      "#signature",
      // The frameworks' types only: a binding loads no file of its framework.
      ...["node:", "express", "fastify", "hono", "@modelcontextprotocol/server"].map((name) => `type ${name}`),
    ],
  },
  // The clients are structural types: no file of a client is loaded, and `node:crypto` is looked up at run time.
  { under: "src/redis/", may: [...shared, "type src/guard/replay.ts", "type node:crypto"] },
  { under: "src/opentelemetry/", may: [...shared, "@opentelemetry/api"] },
  {
    under: "src/logout/",
    may: [
      ...shared,
      "src/core/jwt/jwt.ts",
      "#signature",
      ...["refusal", "replay", "node-request", "web-request"].map((name) => `src/guard/${name}.ts`),
      ...["node:", "express", "fastify", "hono"].map((name) => `type ${name}`),
    ],
  },
  { under: "packages/testing/src/auth/", may: publicEntries },
  { under: "packages/testing/src/emulator/", may: [...publicEntries, "packages/testing/src/auth/", "oidc-provider"] },
  { under: "packages/testing/src/contract/", may: [...publicEntries, "@latchkey/testing", "vitest"] },
]

const vendorFolder = /^src\/adapters\/[^/]+\//

const areaOf = (path: string): Area | undefined => {
  const named = areas.find((area) => path.startsWith(area.under))
  if (named !== undefined) return named
  const vendor = vendorFolder.exec(path)?.[0]
  return vendor === undefined ? undefined : { under: vendor, may: [...shared, "src/adapters/oidc/", "zod"] }
}

interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly [member: string]: unknown
}

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === "object" && value !== null && "type" in value && "start" in value

function* nodesOf(value: unknown): Generator<SyntaxNode> {
  if (isNode(value)) yield value
  if (typeof value !== "object" || value === null) return
  for (const member of Object.values(value)) yield* nodesOf(member)
}

const parsed = (file: SourceFile): Generator<SyntaxNode> => nodesOf(parseAst(file.text, { lang: "ts" }))

const place = (file: SourceFile, at: number): string => `${file.path}:${file.text.slice(0, at).split("\n").length}`

interface Import {
  readonly from: string
  readonly typeOnly: boolean
  readonly isLazy: boolean
  readonly at: number
}

const importSyntax = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
  "TSImportType",
])

const importsOf = (file: SourceFile): ReadonlyArray<Import> =>
  [...parsed(file)].flatMap((node) => {
    const source = node.source
    if (!importSyntax.has(node.type) || !isNode(source)) return []
    const from = typeof source.value === "string" ? source.value : "(computed)"
    const typeOnly = node.type === "TSImportType" || node.importKind === "type" || node.exportKind === "type"
    return [{ from, typeOnly, isLazy: node.type === "ImportExpression", at: node.start }]
  })

const target = (file: SourceFile, from: string): string =>
  from.startsWith(".") ? posix.join(posix.dirname(file.path), from) : from

const matches = (pattern: string, name: string): boolean =>
  /[/:]$/.test(pattern) ? name.startsWith(pattern) : name === pattern

const dependencies: Rule = (file) => {
  const area = areaOf(file.path)
  if (area === undefined) return [`${file.path} is in no folder that the dependency rule knows`]
  const may = [area.under, ...area.may]
  const allowed = (wanted: Import): boolean => {
    const name = target(file, wanted.from)
    if (area.never !== undefined && name.startsWith(area.never)) return false
    return may.some((pattern) =>
      pattern.startsWith("type ") ? wanted.typeOnly && matches(pattern.slice(5), name) : matches(pattern, name),
    )
  }
  return importsOf(file)
    .filter((wanted) => !allowed(wanted))
    .map((wanted) => `${place(file, wanted.at)} may not import ${target(file, wanted.from)}`)
}

/** Modules of effect that take 75 to 180 ms to load. zod replaces them here. */
const slowModules = new Set(["effect/Schema", "effect/Config", "effect/http"])

const deepEffect: Rule = (file) =>
  importsOf(file).flatMap(({ from, typeOnly, at }) =>
    from === "effect"
      ? [`${place(file, at)} imports the barrel of effect; name the module, such as effect/Effect`]
      : slowModules.has(from) && !typeOnly
        ? [`${place(file, at)} imports ${from}, which is slow to load`]
        : [],
  )

const withoutParentheses = (value: unknown): unknown =>
  isNode(value) && value.type === "ParenthesizedExpression" ? withoutParentheses(value.expression) : value

const isCastToUnknown = (value: unknown): boolean =>
  isNode(value) &&
  value.type === "TSAsExpression" &&
  isNode(value.typeAnnotation) &&
  value.typeAnnotation.type === "TSUnknownKeyword"

const honestTypes: Rule = (file) => {
  const syntax = [...parsed(file)].flatMap((node) =>
    node.type === "TSAnyKeyword"
      ? [`${place(file, node.start)} uses any`]
      : node.type === "TSAsExpression" && isCastToUnknown(withoutParentheses(node.expression))
        ? [`${place(file, node.start)} casts with "as unknown as"`]
        : [],
  )
  const silenced = [...file.text.matchAll(/@ts-(ignore|nocheck|expect-error)\b/g)]
  return [...syntax, ...silenced.map((match) => `${place(file, match.index)} silences the compiler with ${match[0]}`)]
}

const lineLimit = 200

const short: Rule = (file) => {
  const lines = file.text.replace(/\n$/, "").split("\n").length
  return lines < lineLimit ? [] : [`${file.path} has ${lines} lines; the limit is under ${lineLimit}`]
}

const emptyNames = /^(utils?|commons?|helpers?|types?|misc|shared)$/

/** Applies to every source tree, not only to `src/`. */
export const trueName: Rule = (file) => {
  const name = posix.basename(file.path)
  if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|test-d|d))?\.ts$/.test(name)) return [`${file.path} is not named in kebab-case`]
  const parts = file.path
    .replace(/(\.test)?\.ts$/, "")
    .replace(/^test\/types\//, "")
    .split("/")
  return parts.some((part) => emptyNames.test(part)) ? [`${file.path} has a meaningless name`] : []
}

const vendorFree = ["src/ports/", "src/internal/", "src/core/", "src/adapters/oidc/"]

const noVendorWord: Rule = (file) => {
  if (!vendorFree.some((folder) => file.path.startsWith(folder))) return []
  const lines = [posix.basename(file.path), ...file.text.split("\n")]
  return lines.flatMap((line, number) => {
    // camelCase is split first, so that "oryClient" is seen and "history" is not.
    const words = line.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    const vendors =
      /(?<![a-z])(auth0|better[- ]?auth|cognito|entra|hydra|keycloak|kinde|logto|okta|ory|polar|zitadel)(?![a-z])/i
    const word = vendors.exec(words)?.[0]
    return word === undefined ? [] : [`${file.path}:${number} says "${word}"; a vendor's name stays in its folder`]
  })
}

/** The rules that every file of `src/` keeps. */
export const sourceRules = { dependencies, deepEffect, honestTypes, short, trueName, noVendorWord }

/** Returns the adapters that `src/config.ts` does not import. */
export const adaptersMissingFromConfig = (files: ReadonlyArray<SourceFile>): ReadonlyArray<string> => {
  const config = files.find((file) => file.path === "src/config.ts")
  const known = new Set(config === undefined ? [] : importsOf(config).map(({ from }) => target(config, from)))
  return files
    .map((file) => file.path)
    .filter(
      (path) =>
        /^src\/adapters\/(?!transport\/|platform\/|signature\/|cache\/)[^/]+\/index\.ts$/.test(path) &&
        !known.has(path),
    )
}

/** Returns everything that these files load: their imports, and the imports of those. */
export const loadedBy = (files: ReadonlyArray<SourceFile>, entries: ReadonlyArray<string>): ReadonlySet<string> => {
  const loaded = new Set(entries)
  for (const path of loaded) {
    const file = files.find((each) => each.path === path)
    for (const { from, typeOnly, isLazy } of file === undefined ? [] : importsOf(file))
      if (!typeOnly && !isLazy) loaded.add(target(file as SourceFile, from))
  }
  return loaded
}
