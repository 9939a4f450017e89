import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { whatHappens } from "./what-happens.ts"

const page = readFileSync(new URL("../../docs/policies.md", import.meta.url), "utf8")

/** The rows of the page's table, by what stands in the first column. */
const rows = new Map(
  page
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.slice(2, -2).split(" | "))
    .map(([when = "", answer = "", requests = ""]) => [when.trim(), [answer.trim(), requests.trim()]]),
)

describe("what happens when", () => {
  test.each(whatHappens)("%s", async (when, perform) => {
    const [answer, requests] = await perform()
    expect(rows.get(when)).toEqual([answer, String(requests)])
  })

  test("stands in the page for what is performed here, and for nothing else", () => {
    const table = page.slice(page.indexOf("## What happens when"))
    const told = table.split("\n").filter((line) => line.startsWith("| ") && !/^\| (When|---)/.test(line))
    expect(told.length).toBe(whatHappens.length)
  })
})
