import { settings } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { durationBetween } from "../../src/adapters/oidc/configuration/duration.ts"
import { notationsOf, readVariable } from "../../src/adapters/oidc/configuration/environment.ts"

const object = z.strictObject({ a: z.number() })
const offOrObject = z.union([z.literal(false), object]).optional()
const anyOrList = z.union([z.literal("any"), z.array(z.string()).min(1).readonly()]).optional()
const flag = z.boolean().default(true)

describe("the notations of a member", () => {
  test.each<[string, z.ZodType, ReadonlyArray<string>]>([
    ["a string", z.string().min(1), ["text"]],
    ["a URL", z.url().optional(), ["text"]],
    ["an enum", z.enum(["a", "b"]).default("a"), ["text"]],
    ["a number", z.number().min(0).default(30), ["number"]],
    ["a duration", durationBetween("1 second", "1 day").optional(), ["duration"]],
    ["a list of strings", z.array(z.string()).readonly().default([]), ["list"]],
    ["a list of numbers", z.array(z.number()), ["JSON"]],
    ["a boolean", flag, ["JSON"]],
    ["an object", object.optional(), ["JSON"]],
    ["a record", z.record(z.string(), z.string()), ["JSON"]],
    ["false or an object", offOrObject, ["false", "JSON"]],
    ["a word or a list", anyOrList, ["text", "list"]],
    ["a secret or a pair of secrets", settings.clientSecret, ["text", "JSON"]],
  ])("are known for %s", (_, schema, notations) => {
    expect([...notationsOf(schema)].sort()).toEqual([...notations].sort())
  })
})

describe("a variable", () => {
  test.each<[string, z.ZodType, string, unknown]>([
    ["a string stays text, also if it looks like a number", z.string(), "123", "123"],
    ["a string stays text, also if it looks like JSON", z.string(), '{"a":1}', '{"a":1}'],
    ["a number is read", z.number(), " 30 ", 30],
    ["a number may begin or end with its point", z.number(), ".5", 0.5],
    ["false may have spaces around it", offOrObject, " false\n", false],
    ["a number that is none stays text, for the schema to reject", z.number(), "many", "many"],
    ["a duration in words stays text", durationBetween("1 second", "1 day"), "5 seconds", "5 seconds"],
    ["a duration without a unit stays text", durationBetween("1 second", "1 day"), "5000", "5000"],
    ["a list is separated by commas and spaces", z.array(z.string()), "a, b c,d", ["a", "b", "c", "d"]],
    ["a list may be a JSON array", z.array(z.string()), '["a b", "c"]', ["a b", "c"]],
    ["an object is JSON", object, '{"a":1}', { a: 1 }],
    ["a list of numbers is JSON", z.array(z.number()), "[1, 2]", [1, 2]],
    ["a boolean is JSON", flag, "false", false],
    ["false turns a policy off", offOrObject, "false", false],
    ["options of a policy are JSON", offOrObject, '{"a":2}', { a: 2 }],
    ["a word of a union is that word", anyOrList, "any", "any"],
    ["another word of that union is a list", anyOrList, "https://a.example", ["https://a.example"]],
    ["a secret that looks like JSON stays text", settings.clientSecret, '{"a":1}', '{"a":1}'],
    ["a secret that starts with a bracket stays text", settings.clientSecret, "[x", "[x"],
    ["two secrets are a JSON array", settings.clientSecret, '["new", "old"]', ["new", "old"]],
  ])("%s", (_, schema, text, value) => {
    expect(readVariable(schema, text)).toEqual(value)
  })

  test.each<[string, z.ZodType, string]>([
    ["an object", object, "a=1"],
    ["the options of a policy", offOrObject, "no"],
    ["a list that starts as JSON", z.array(z.string()), '["a"'],
    ["a pair of secrets", settings.clientSecret, '["new", "old"'],
  ])("of %s that is no JSON throws a SyntaxError", (_, schema, text) => {
    expect(() => readVariable(schema, text)).toThrow(SyntaxError)
  })
})
