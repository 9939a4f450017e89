import { expect } from "vitest"

/** What the checks need of a page in a browser. */
interface Loaded {
  readonly evaluate: <A>(read: () => A) => Promise<A>
}

/** Reads the properties of the page that make it usable without a script. It runs in the browser. */
const read = () => {
  const all = (selector: string) => [...document.querySelectorAll(selector)]
  const ids = all("[id]").map(({ id }) => id)
  return {
    isStandardsMode: document.compatMode === "CSS1Compat",
    language: document.documentElement.lang,
    hasTitle: document.title.trim() !== "",
    headings: all("h1").length,
    scripts:
      all("script").length + all("*").filter((each) => /\son\w+=/.test(each.outerHTML.split(">", 1)[0] ?? "")).length,
    repeatedIds: ids.length - new Set(ids).size,
    fieldsWithoutLabel: all("input:not([type=hidden]), select, textarea").filter(
      (field) => !field.closest("label")?.textContent?.trim() && !field.id,
    ).length,
    formsWithoutButton: all("form").filter((form) => !form.querySelector("button[type=submit]")?.textContent?.trim())
      .length,
    emptyActions: all("form[action='']").length,
  }
}

/** Checks that a page has a title, labels and buttons, and needs no script. */
export const expectUsable = async (page: Loaded): Promise<void> => {
  expect(await page.evaluate(read)).toEqual({
    isStandardsMode: true,
    language: "en",
    hasTitle: true,
    headings: 1,
    scripts: 0,
    repeatedIds: 0,
    fieldsWithoutLabel: 0,
    formsWithoutButton: 0,
    emptyActions: 0,
  })
}
