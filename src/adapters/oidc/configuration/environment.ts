/** Reads a member of a configuration from an environment variable, by the schema of the member. */
import * as Redacted from "effect/Redacted"
import { z } from "zod"

/** The notation in which a variable holds a value. */
export type Notation = "text" | "number" | "duration" | "list" | "JSON" | "false"

/** Whether a member can be read from a variable: a function cannot. */
export const isReadable = (schema: z.ZodType): boolean =>
  leavesOf(schema).some((leaf) => isDuration(leaf) || definitionOf(leaf).type !== "custom")

/** Whether a member is a secret, a private key, or an object with a secret: a file may hold it. */
export const holdsSecret = (schema: z.core.$ZodType): boolean =>
  leavesOf(schema).some((leaf) => {
    const { type, shape = {}, valueType } = definitionOf(leaf)
    if (type === "custom") return z.core.safeParse(leaf, probe).success
    // The private part of a JSON Web Key.
    return "d" in shape || [...Object.values(shape), ...(valueType ? [valueType] : [])].some(holdsSecret)
  })

/** The schemas of the members of an object; none for a JSON Web Key, which is one value. */
export const membersOf = (schema: z.ZodType): Readonly<Record<string, z.core.$ZodType>> =>
  leavesOf(schema)
    .map((leaf) => definitionOf(leaf).shape ?? {})
    .find((shape) => !("d" in shape)) ?? {}

const probe = Redacted.make("-----BEGIN PROBE-----")

/** Returns the notations that a member accepts. */
export const notationsOf = (schema: z.core.$ZodType): ReadonlySet<Notation> => new Set(leavesOf(schema).map(notationOf))

/** Returns the expected JSON, for the message about a text that is not JSON. */
export const expectedJson = (schema: z.core.$ZodType): string => {
  const types = new Set(leavesOf(schema).map((leaf) => definitionOf(leaf).type))
  if (types.has("boolean")) return "true or false"
  return types.has("array") ? "JSON, such as [...]" : "JSON, such as {...}"
}

/** Whether a schema is that of a duration: `duration` marks it. */
const isDuration = (schema: z.core.$ZodType): boolean => z.globalRegistry.get(schema)?.notation === "duration"

/**
 * Converts the text of a variable to the value that the schema expects. The schema still checks the result.
 *
 * Throws a `SyntaxError` for text that must be JSON and is not.
 */
export const readVariable = (schema: z.core.$ZodType, text: string): unknown => {
  const notations = notationsOf(schema)
  const literal = leavesOf(schema)
    .flatMap((leaf) => definitionOf(leaf).values ?? [])
    .find((value) => String(value) === text.trim())
  if (literal !== undefined) return literal
  if (notations.has("number") && /^\s*(\d+\.?\d*|\.\d+)\s*$/.test(text)) return Number(text)
  // A PEM text is one value: its first line has spaces.
  if (notations.has("list") && /^\s*-----BEGIN /m.test(text)) return text
  if (notations.has("list")) return /^\s*\[/.test(text) ? JSON.parse(text) : text.split(/[\s,]+/).filter(Boolean)
  if (!notations.has("JSON")) return text
  if (!notations.has("text")) return JSON.parse(text)
  // A member that also accepts a word, such as `token.kind`, or any text, such as a secret or a pair of secrets. A word
  // never matches the first pattern, and a single secret never matches the second one.
  return (isWords(schema) ? /^\s*[[{]/ : /^\s*\[\s*"/).test(text) ? JSON.parse(text) : text
}

/** Whether the texts of a member are listed. */
const isWords = (schema: z.core.$ZodType): boolean =>
  leavesOf(schema).every((leaf) => notationOf(leaf) !== "text" || definitionOf(leaf).entries !== undefined)

const notationOf = (schema: z.core.$ZodType): Notation => {
  if (isDuration(schema)) return "duration"
  const { type, element, values } = definitionOf(schema)
  if (type === "number") return "number"
  if (type === "literal" && values?.includes(false)) return "false"
  if (type === "array")
    return element !== undefined && definitionOf(unwrap(element)).type === "string" ? "list" : "JSON"
  return ["object", "record", "tuple", "boolean"].includes(type) ? "JSON" : "text"
}

/** The members of zod's schema definitions that are read here. */
interface SchemaDefinition {
  readonly type: string
  readonly innerType?: z.core.$ZodType
  readonly in?: z.core.$ZodType
  readonly options?: ReadonlyArray<z.core.$ZodType>
  readonly element?: z.core.$ZodType
  readonly values?: ReadonlyArray<unknown>
  /** The words of an enum. */
  readonly entries?: object
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>
  readonly valueType?: z.core.$ZodType
}

const definitionOf = (schema: z.core.$ZodType): SchemaDefinition => schema._zod.def

/** Removes the wrappers that do not change the input: `optional`, `default`, `readonly`, `transform`. */
const unwrap = (schema: z.core.$ZodType): z.core.$ZodType => {
  const { innerType, in: input } = definitionOf(schema)
  const inner = innerType ?? input
  return inner === undefined ? schema : unwrap(inner)
}

/** The alternatives of a schema, through nested unions. */
const leavesOf = (schema: z.core.$ZodType): ReadonlyArray<z.core.$ZodType> => {
  const unwrapped = unwrap(schema)
  const { options } = definitionOf(unwrapped)
  return options === undefined ? [unwrapped] : options.flatMap(leavesOf)
}
