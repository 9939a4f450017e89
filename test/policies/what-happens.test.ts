import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { whatHappens } from "./what-happens.ts"

const page = readFileSync(new URL("../../docs/policies.md", import.meta.url), "utf8")

/** The rows of the page's table, by the text of the first column. */
const rows = new Map(
  page
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.slice(2, -2).split(" | "))
    .map(([when = "", result = "", requests = ""]) => [when.trim(), [result.trim(), requests.trim()]]),
)

describe("the table of docs/policies.md", () => {
  test.each(whatHappens)("%s", async (when, perform) => {
    const [result, requests] = await perform()
    expect(rows.get(when)).toEqual([result, String(requests)])
  })

  test("has exactly the rows that are performed here", () => {
    const table = page.slice(page.indexOf("## What happens when"))
    const tableRows = table.split("\n").filter((line) => line.startsWith("| ") && !/^\| (When|---)/.test(line))
    expect(tableRows.length).toBe(whatHappens.length)
  })
})
