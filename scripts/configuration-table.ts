/** The table of configuration members, from the schemas and interfaces of the adapters. */
import type { z } from "zod"
import { isReadable, membersOf, type Notation, notationsOf } from "../src/adapters/oidc/configuration/environment.ts"
import { variableOf } from "../src/environment.ts"
import { meaningOf, type Vendor } from "./member-comments.ts"
import { vendors as adapters } from "./vendors.ts"

const notations: Readonly<Record<Notation, string>> = {
  text: "text",
  number: "number",
  duration: "duration",
  list: "list",
  JSON: "JSON",
  false: "`false`",
}

interface Row {
  readonly member: string
  readonly vendors: ReadonlyArray<string>
  /** In code, or a dash for a member that no variable can hold. */
  readonly variable: string
  readonly notation: string
  readonly default: string
  readonly meaning: string
}

/** The members of zod's schema definitions that are read here. */
interface SchemaDefinition {
  readonly type: string
  readonly innerType?: z.ZodType
  readonly in?: z.ZodType
  readonly options?: ReadonlyArray<z.ZodType>
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly defaultValue?: unknown
}

const definitionOf = (schema: z.ZodType): SchemaDefinition => schema._zod.def

/** The value that a schema fills in; `undefined` if it has none. */
const defaultOf = (schema: z.ZodType): unknown => {
  const { type, innerType, in: input, defaultValue } = definitionOf(schema)
  const inner = innerType ?? input
  return type === "default" ? defaultValue : inner && defaultOf(inner)
}

/** The schemas of the members of an object, which may be one alternative of several. */
const shapeOf = (schema: z.ZodType): Readonly<Record<string, z.ZodType>> => {
  const { innerType, in: input, options = [], shape = {} } = definitionOf(schema)
  const inner = innerType ?? input
  return inner === undefined ? Object.assign({}, shape, ...options.map(shapeOf)) : shapeOf(inner)
}

/** Separates what a doc comment says of the default from the rest. */
const separated = (comment: string): { readonly meaning: string; readonly said: string | undefined } => {
  const off = " Off unless given."
  if (comment.includes(off)) return { meaning: comment.replace(off, ""), said: "off" }
  const sentence = /(?:^|(?<=\. ))Defaults?:? ((?:[^.;]|\.(?! |$))*)(?:\.|; ([^.]*)\.)?/.exec(comment)
  if (sentence === null) return { meaning: comment, said: undefined }
  const [whole, said = "", rest] = sentence
  const meaning = `${comment.replace(whole, "").trim()}${rest === undefined ? "" : ` ${rest[0]?.toUpperCase()}${rest.slice(1)}.`}`
  return { meaning: meaning.replace(/\s+/g, " "), said }
}

const isRequired = (schema: z.ZodType): boolean => !schema.safeParse(undefined).success

/** What applies without the member. A policy that `false` turns off is on. */
const defaultText = (schema: z.ZodType, said: string | undefined): string => {
  if (isRequired(schema)) return "required"
  const filled = defaultOf(schema)
  if (said !== undefined) return said
  if (typeof filled === "string") return filled
  return notationsOf(schema).has("false") ? "on" : "none"
}

const rowOf = (path: ReadonlyArray<string>, schema: z.ZodType, comment: string, vendors: Row["vendors"]): Row => {
  const { meaning, said } = separated(comment)
  return {
    member: path.join("."),
    vendors,
    variable: isReadable(schema) ? `\`${variableOf(path.join("_"))}\`` : "-",
    notation: isReadable(schema)
      ? Array.from(notationsOf(schema), (notation) => notations[notation]).join(", or ")
      : "a function",
    default: defaultText(schema, said),
    meaning,
  }
}

/** The members of a member, if the interfaces document them. */
const innerRows = (member: string, schema: z.ZodType, having: ReadonlyArray<Vendor>, shown: Row["vendors"]) =>
  Object.entries(shapeOf(schema)).flatMap(([name, inner]) => {
    const comment = meaningOf(having, name, member)
    if (comment === undefined) return []
    const row = rowOf([member, name], inner, comment, shown)
    // A member of what may also be `false` has no variable of its own.
    return [Object.hasOwn(membersOf(schema), name) ? row : { ...row, variable: `in \`${variableOf(member)}\`` }]
  })

const rows = (): ReadonlyArray<Row> => {
  const members = new Set(adapters.flatMap((adapter) => Object.keys(adapter.members)))
  return Array.from(members).flatMap((member) => {
    const having = adapters.filter((adapter) => Object.hasOwn(adapter.members, member))
    const isCommon = having.length === adapters.length
    // Members of one name with different meanings, such as `issuer`, have a row for each vendor.
    const meanings = Map.groupBy(having, ({ id }) => meaningOf([id], member) ?? "")
    return Array.from(meanings, ([own, vendors]) => {
      const schema = vendors[0]?.members[member]
      const ids = vendors.map(({ id }) => id)
      const meaning = own || meaningOf(["all", "policies"], member)
      if (schema === undefined || !meaning) throw new Error(`${member} has no doc comment`)
      const shown = isCommon && meanings.size === 1 ? ["all"] : ids
      return [rowOf([member], schema, meaning, shown), ...innerRows(member, schema, ids, shown)]
    }).flat()
  })
}

/** The table, without a line break at its end. */
export const configurationTable = (): string =>
  [
    "| member | meaning | default | variable | written as | vendors |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows().map((row) => {
      const cells = [`\`${row.member}\``, row.meaning, row.default, row.variable, row.notation, row.vendors.join(", ")]
      return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`
    }),
  ].join("\n")
