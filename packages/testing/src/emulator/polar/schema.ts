import type { Problem } from "./refusal.ts"

export type Loc = ReadonlyArray<string | number>
export type Parsed = { readonly value: unknown } | { readonly problems: ReadonlyArray<Problem> }

/** Judges one JSON value, in the words of the server's schema library. */
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

/** One of a few strings. */
export const oneOf =
  (...words: ReadonlyArray<string>): Parser =>
  (input, loc) => {
    if (typeof input === "string" && words.includes(input)) return { value: input }
    const quoted = words.map((word) => `'${word}'`)
    const last = quoted.at(-1) ?? ""
    const expected = quoted.length > 1 ? `${quoted.slice(0, -1).join(", ")} or ${last}` : last
    return problem("literal_error", loc, `Input should be ${expected}`, input, { expected })
  }

export const listOf =
  (item: Parser): Parser =>
  (input, loc) => {
    if (!Array.isArray(input)) return problem("list_type", loc, "Input should be a valid list", input)
    const parsed = input.map((each: unknown, index) => item(each, [...loc, index]))
    const problems = parsed.flatMap((each) => ("problems" in each ? each.problems : []))
    return problems.length > 0
      ? { problems }
      : { value: parsed.flatMap((each) => ("value" in each ? [each.value] : [])) }
  }

export const orNull =
  (parser: Parser): Parser =>
  (input, loc) =>
    input === null ? { value: null } : parser(input, loc)

/** A member of an object: required, or with what it is when it is left out. */
export interface Field {
  readonly name: string
  readonly parse: Parser
  readonly fallback?: unknown
  readonly required?: true
}

/** Judges an object; members that the table does not name are dropped. */
export const parseFields = (
  fields: ReadonlyArray<Field>,
  input: unknown,
): { readonly values: Readonly<Record<string, unknown>> } | { readonly problems: ReadonlyArray<Problem> } => {
  if (!isRecord(input)) {
    const msg = "Input should be a valid dictionary or object to extract fields from"
    return { problems: [{ type: "model_attributes_type", loc: ["body"], msg, input }] }
  }
  const values: Record<string, unknown> = {}
  const problems: Array<Problem> = []
  for (const { name, parse, fallback, required } of fields) {
    const given = input[name]
    if (given === undefined) {
      if (required) problems.push({ type: "missing", loc: ["body", name], msg: "Field required", input })
      else if (fallback !== undefined) values[name] = fallback
      continue
    }
    const parsed = parse(given, ["body", name])
    if ("problems" in parsed) problems.push(...parsed.problems)
    else values[name] = parsed.value
  }
  return problems.length > 0 ? { problems } : { values }
}
