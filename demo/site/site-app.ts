/** The routes of the demo's page. */
import { type Context, Hono } from "hono"
import { webCookies } from "iron-session"
import { Refused, refuseForged } from "../../examples/login/refused.ts"
import { beginLogin, completeLogin, endSession } from "../../examples/login/sessions.ts"
import { vendorPage } from "./page.ts"
import { addEntry, attempt, callApi, revokeToken, setDown, subjectOf, type Tenant } from "./tenant.ts"
import { vendorScreen } from "./vendor-screens.ts"

const headers = {
  "cache-control": "no-store",
  // Without `form-action`: Chromium applies it to the redirect from the logout to the vendor too.
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
}

const cookies = (context: Context) => webCookies(context.req.raw, context.res.headers)

type Action = (tenant: Tenant, context: Context) => Promise<void> | void

/** What each button does. A map, because the path names the action: an object has more members than its own. */
const actions = new Map<string, Action>([
  ["call", (tenant, context) => callApi(tenant, cookies(context))],
  ["revoke", (tenant, context) => revokeToken(tenant, cookies(context))],
  ["down", (tenant) => setDown(tenant, true)],
  ["up", (tenant) => setDown(tenant, false)],
])

/** Makes the app. `url`: its own address. */
export const siteApp = (url: string, tenants: ReadonlyArray<Tenant>, style: string): Hono => {
  const names = tenants.map(({ name }) => name)
  const named = (context: Context): Tenant | undefined =>
    tenants.find(({ name }) => name === context.req.param("vendor"))
  const app = new Hono()

  app.use(async (context, next) => {
    refuseForged(url, context.req.method, (name) => context.req.header(name))
    for (const [name, value] of Object.entries(headers)) context.header(name, value)
    await next()
  })
  app.get("/", (context) => context.redirect(`/${names[0]}`, 303))
  app.get("/style.css", (context) => context.body(style, 200, { "content-type": "text/css; charset=utf-8" }))

  app.get("/:vendor", async (context) => {
    const tenant = named(context)
    if (tenant === undefined) return context.notFound()
    return context.html(vendorPage(names, tenant, await subjectOf(tenant, cookies(context))))
  })

  app.on(["GET", "POST"], "/:vendor/screens/:screen", async (context) => {
    const action = context.req.method === "POST" ? String((await context.req.parseBody()).action) : undefined
    const { searchParams } = new URL(context.req.url)
    const tenant = named(context)
    const answer =
      tenant && (await vendorScreen(tenant.auth.consent, context.req.param("screen"), searchParams, action))
    if (answer === undefined) return context.notFound()
    return typeof answer === "string" ? context.redirect(answer, 303) : context.html(answer)
  })

  app.get("/:vendor/login", (context) =>
    answer(context, named(context), "Log in", (tenant) =>
      beginLogin(tenant.logins, cookies(context), `/${tenant.name}`),
    ),
  )
  app.get("/:vendor/callback", (context) =>
    answer(context, named(context), "Log in", async (tenant) => {
      const { search } = new URL(context.req.url)
      const to = await completeLogin(tenant.logins, cookies(context), search)
      addEntry(tenant, "Log in", "done")
      return to
    }),
  )
  app.post("/:vendor/logout", (context) =>
    answer(context, named(context), "Log out", async (tenant) => {
      addEntry(tenant, "Log out", "done")
      return endSession(tenant.logins, cookies(context))
    }),
  )
  app.post("/:vendor/:action", (context) => {
    const name = context.req.param("action")
    const action = actions.get(name)
    if (action === undefined) return context.notFound()
    return answer(context, named(context), name, async (tenant) => {
      await action(tenant, context)
      return undefined
    })
  })

  app.onError((error, context) => {
    if (error instanceof Refused) return context.text(`Refused: ${error.why}`, 403, headers)
    console.error(error)
    return context.text("Something went wrong. The terminal has the error.", 500, headers)
  })
  return app
}

/** Runs an action, and goes to the URL that it returns, or back to the page of the vendor. */
const answer = async (
  context: Context,
  tenant: Tenant | undefined,
  action: string,
  run: (tenant: Tenant) => Promise<string | undefined>,
) => {
  if (tenant === undefined) return context.notFound()
  const to = await attempt(tenant, action, () => run(tenant))
  return context.redirect(to ?? `/${tenant.name}`, 303)
}
