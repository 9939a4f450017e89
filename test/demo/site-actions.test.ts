/** The routes of the demo's page that a form sends to, without a browser. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { type Site, startSite } from "../../demo/site/start-site.ts"

let site: Site
beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

const post = (path: string, from = "same-origin") =>
  fetch(site.url + path, { method: "POST", redirect: "manual", headers: { "sec-fetch-site": from } })

describe("a form of the demo's page", () => {
  it.each(["constructor", "__proto__", "toString", "nothing"])("for the action %s finds nothing", async (action) => {
    const errors = vi.spyOn(console, "error").mockImplementation(() => undefined)
    expect((await post(`/kinde/${action}`)).status).toBe(404)
    expect(errors).not.toHaveBeenCalled()
    errors.mockRestore()
  })

  it("takes the vendor down and back up, at the request of its own page alone", async () => {
    const isDown = async () => (await (await fetch(`${site.url}/kinde`)).text()).includes("Bring it back")
    expect((await post("/kinde/down", "cross-site")).status).toBe(403)
    expect(await isDown()).toBe(false)
    expect((await post("/kinde/down")).status).toBe(303)
    expect(await isDown()).toBe(true)
    expect((await post("/kinde/up")).status).toBe(303)
    expect(await isDown()).toBe(false)
  })
})
