import type { Problem } from "./errors.ts"

export type Loc = ReadonlyArray<string | number>
export type Parsed = { readonly value: unknown } | { readonly problems: ReadonlyArray<Problem> }

/** Parses one JSON value, with the error messages of the server's schema library. */
export type Parser = (input: unknown, loc: Loc) => Parsed

export const problem = (
  type: string,
  loc: Loc,
  msg: string,
  input: unknown,
  ctx?: Readonly<Record<string, unknown>>,
): Parsed => ({ problems: [{ type, loc, msg, input, ...(ctx === undefined ? {} : { ctx }) }] })

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

export const text: Parser = (input, loc) =>
  typeof input === "string" ? { value: input } : problem("string_type", loc, "Input should be a valid string", input)

/** A string without NUL, which the database cannot store. */
export const textWithoutNul: Parser = (input, loc) =>
  typeof input === "string" && input.includes("\0")
    ? problem("value_error", loc, "This value contains invalid characters", input)
    : text(input, loc)

/** Makes the parser of a string that must be one of the words, which are a literal type of the server. */
export const oneOf = (...words: ReadonlyArray<string>): Parser => wordParser("literal_error", words)

/** Makes the parser of a string that must be one of the words, which are an enumeration of the server. */
export const memberOf = (...words: ReadonlyArray<string>): Parser => wordParser("enum", words)

const wordParser =
  (type: "literal_error" | "enum", words: ReadonlyArray<string>): Parser =>
  (input, loc) => {
    if (typeof input === "string" && words.includes(input)) return { value: input }
    const quoted = words.map((word) => `'${word}'`)
    const last = quoted.at(-1) ?? ""
    const expected = quoted.length > 1 ? `${quoted.slice(0, -1).join(", ")} or ${last}` : last
    return problem(type, loc, `Input should be ${expected}`, input, { expected })
  }

export const listOf =
  (item: Parser): Parser =>
  (input, loc) => {
    if (!Array.isArray(input)) return problem("list_type", loc, "Input should be a valid list", input)
    const parsed = input.map((element: unknown, index) => item(element, [...loc, index]))
    const problems = parsed.flatMap((element) => ("problems" in element ? element.problems : []))
    return problems.length > 0
      ? { problems }
      : { value: parsed.flatMap((element) => ("value" in element ? [element.value] : [])) }
  }

export const orNull =
  (parser: Parser): Parser =>
  (input, loc) =>
    input === null ? { value: null } : parser(input, loc)

/** A member of an object. `fallback` is its value if it is omitted. */
export interface Field {
  readonly name: string
  readonly parse: Parser
  readonly fallback?: unknown
  readonly required?: true
}

/** Parses an object. Members without a field are dropped. */
export const parseFields = (
  fields: ReadonlyArray<Field>,
  input: unknown,
): { readonly values: Readonly<Record<string, unknown>> } | { readonly problems: ReadonlyArray<Problem> } => {
  if (input === null) return { problems: [{ type: "missing", loc: ["body"], msg: "Field required", input }] }
  if (!isRecord(input)) {
    const msg = "Input should be a valid dictionary or object to extract fields from"
    return { problems: [{ type: "model_attributes_type", loc: ["body"], msg, input }] }
  }
  const values: Record<string, unknown> = {}
  const problems: Array<Problem> = []
  for (const { name, parse, fallback, required } of fields) {
    const value = input[name]
    if (value === undefined) {
      if (required) problems.push({ type: "missing", loc: ["body", name], msg: "Field required", input })
      else if (fallback !== undefined) values[name] = fallback
      continue
    }
    const parsed = parse(value, ["body", name])
    if ("problems" in parsed) problems.push(...parsed.problems)
    else values[name] = parsed.value
  }
  return problems.length > 0 ? { problems } : { values }
}
