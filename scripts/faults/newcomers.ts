import type { Fault } from "./fault.ts"

const planted =
  (file: string, tests: Fault["tests"]) =>
  (name: string, find: string, replace: string): Fault => ({ name, file, find, replace, tests })

const messages = ["test/unit/configuration-messages.test.ts"]
const chosen = planted("src/config.ts", messages)
const read = planted("src/environment.ts", messages)
const member = planted("src/adapters/oidc/configuration/problems.ts", messages)
const schema = (
  name: string,
  find: string,
  replace: string,
  tests: Fault["tests"] = ["test/unit/argument-messages.test.ts"],
) => planted("src/adapters/oidc/configuration/schema-message.ts", tests)(name, find, replace)
const closest = planted("src/internal/closest-name.ts", ["test/unit/closest-name.test.ts"])

/** What a message tells after a newcomer's mistake. */
export const newcomerFaults: ReadonlyArray<Fault> = [
  chosen("a missing vendor is not told from a misspelt one", '? "; found none"', '? ""'),
  chosen("the text in the place of a vendor is repeated", "suggestion(String(found), ids)", "`; found $" + "{found}`"),
  chosen(
    "variables that are passed to createAuth bring no hint",
    'some(isVariable) ? hintOfVariables : ""',
    'some(isVariable) ? "" : ""',
  ),
  read("a message about a variable names the member", "message: variableMessage(message, names)", "message"),
  read("a message about a variable ignores the prefix", "variableOf(member, prefix)]))", "variableOf(member)]))"),
  read("a misspelt variable brings no suggestion", "withoutPrefix(places, prefix), prefix)", "[], prefix)"),
  schema(
    "a URL without a scheme is an invalid URL only",
    'issue.format === "url" ?',
    'issue.format === "" ?',
    messages,
  ),
  schema("a missing argument is not told from one of another type", "issue.input === undefined &&", "false &&"),
  schema("the message about a wrong type repeats the value", "typeOf(issue.input)", "JSON.stringify(issue.input)"),
  schema(
    "the message about a wrong value lists no values",
    'case "invalid_value": {',
    'case "invalid_value": return undefined\n    case "custom": {',
  ),
  member("a misspelt member brings no suggestion", "message: isMember ? message", "message: false ? message"),
  member("a member of a member is compared with other names", ' && !path.includes(".")', ""),
  {
    ...{ name: "a guard without a client fails with a TypeError", file: "src/guard/settings.ts", tests: messages },
    ...{ find: 'invalidConfig(auth?.id ?? "latchkey", problems)', replace: "invalidConfig(auth.id, problems)" },
  },
  {
    ...{ name: "the first program requires no scope", file: "examples/start/app.ts" },
    ...{ find: '{ scopes: ["orders:read"] }', replace: "{}", tests: ["test/docs/start.test.ts"] },
  },
  {
    ...{ name: "the first program says that it listens on a port of another program", file: "examples/start/app.ts" },
    ...{ find: "if (error !== undefined) throw error", replace: "", tests: ["test/docs/start.test.ts"] },
  },
  closest("the case of a name counts", "name.toLowerCase().replace", "name.replace"),
  closest("a name that is not similar counts as misspelt", "let least = 3", "let least = 9"),
]
