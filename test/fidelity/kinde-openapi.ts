/** Kinde's OpenAPI documents as judges of answers. */
import { existsSync, readFileSync } from "node:fs"
import { Ajv, type ValidateFunction } from "ajv"
import { parse } from "yaml"
import type { Violation } from "./openapi.ts"
import { type Answer, member } from "./sdk.ts"

const at = (name: string) => new URL(`../../../shared/specs/${name}`, import.meta.url)

/** The vendor's files, beside the project. None describes authorization, the token endpoint or discovery. */
export const documents = {
  management: at("kinde-management.yaml"),
  frontend: at("kinde-frontend.yaml"),
  legacy: at("kinde-legacy-2024-04.yaml"),
}

export const haveDocuments = Object.values(documents).every((each) => existsSync(each))

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null

/** A schema of OpenAPI 3.0 as JSON Schema; objects with named members are closed, so that others are noticed. */
const asJsonSchema = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(asJsonSchema)
  if (!isObject(node)) return node
  const { nullable, example: _, ...rest } = node
  const schema = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, asJsonSchema(value)]))
  if (nullable === true && typeof schema.type === "string") schema.type = [schema.type, "null"]
  if (schema.type === "object" && isObject(schema.properties) && !("additionalProperties" in schema))
    schema.additionalProperties = false
  return schema
}

const escaped = (part: string) =>
  part.replaceAll("~", "~0").replaceAll("/", "~1").replaceAll("{", "%7B").replaceAll("}", "%7D").replaceAll(" ", "%20")

/** Follows references inside the document, for what is no schema. */
const resolved = (
  api: unknown,
  node: unknown,
  path: ReadonlyArray<string>,
): readonly [unknown, ReadonlyArray<string>] => {
  const reference = member(node, "$ref")
  if (typeof reference !== "string") return [node, path]
  const there = reference.replace("#/", "").split("/")
  return [there.reduce<unknown>(member, api), there]
}

/** Reads one document; the function judges one answer, or says nothing of a path that the document does not have. */
const judgeOf = (name: keyof typeof documents) => {
  const api = asJsonSchema(parse(readFileSync(documents[name], "utf8")))
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
  ajv.addSchema({ ...(isObject(api) ? api : {}), $id: name })
  const paths = Object.keys(Object(member(api, "paths")))
  const compiled = new Map<string, ValidateFunction>()

  const validate = (path: ReadonlyArray<string>, body: unknown): ReadonlyArray<string> => {
    const pointer = path.map((each) => `/${escaped(each)}`).join("")
    const check = compiled.get(pointer) ?? ajv.compile({ $ref: `${name}#${pointer}` })
    compiled.set(pointer, check)
    if (check(body)) return []
    return (check.errors ?? []).map(({ instancePath, message, params }) => {
      const extra: unknown = params.additionalProperty
      return `body${instancePath.replace(/\/\d+/g, "/0")} ${message}${extra === undefined ? "" : `: ${extra}`}`
    })
  }

  const problemsOf = ({ method, status, headers, body }: Answer, path: string): ReadonlyArray<string> => {
    const operation = member(member(member(api, "paths"), path), method.toLowerCase())
    if (operation === undefined) return ["the operation is not documented"]
    const documented = member(member(operation, "responses"), String(status))
    if (documented === undefined) return ["the status is not documented"]
    const [response, where] = resolved(api, documented, [
      "paths",
      path,
      method.toLowerCase(),
      "responses",
      String(status),
    ])
    const content = member(response, "content")
    if (content === undefined) return body === "" ? [] : ["a body is not documented"]
    const sent = String(headers["content-type"] ?? "none")
    const type = [sent, sent.split(";")[0] ?? ""].find((each) => member(content, each) !== undefined)
    if (type === undefined) return [`the content type ${sent} is not documented`]
    return validate([...where, "content", type, "schema"], body)
  }

  return (answer: Answer): ReadonlyArray<Violation> | undefined => {
    const path =
      paths.find((each) => each === answer.path) ??
      paths.find((each) => new RegExp(`^${each.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(answer.path))
    if (path === undefined) return undefined
    const operation = `${answer.method} ${path}`
    return problemsOf(answer, path).map((problem) => ({ operation, status: answer.status, problem }))
  }
}

/** Judges an answer by the newest document that knows its path; `undefined`: none does. */
export const makeJudge = (): ((answer: Answer) => ReadonlyArray<Violation> | undefined) => {
  const judges = [judgeOf("management"), judgeOf("frontend"), judgeOf("legacy")]
  return (answer) => {
    for (const judge of judges) {
      const found = judge(answer)
      if (found !== undefined) return found
    }
    return undefined
  }
}
