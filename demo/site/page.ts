/** The HTML of the demo's page. */
import { html } from "hono/html"
import type { Entry, Tenant } from "./tenant.ts"

type Html = ReturnType<typeof html>

/** A whole page around its main part. */
export const layout = (title: string, main: Html): Html =>
  html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${title}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"></head>
<body>${main}</body></html>`

const post = (action: string, label: string, style = ""): Html =>
  html`<form method="post" action="${action}"><button type="submit" class="${style}">${label}</button></form>`

const entry = ({ action, result, kind, why }: Entry): Html => {
  const sentence = why === undefined ? "" : html` <span class="why">${why}</span>`
  return html`<li class="${kind}"><span class="action">${action}</span> <code>${result}</code>${sentence}</li>`
}

/** The configuration without the secrets. */
const shownConfig = ({ backend }: Tenant): string =>
  JSON.stringify(backend.config, (key, value: unknown) => (/secret/i.test(key) ? "..." : value), 2)

const card = (title: string, text: Html, ...forms: ReadonlyArray<Html>): Html =>
  html`<section class="card"><h2>${title}</h2><p>${text}</p><div class="buttons">${forms}</div></section>`

/** The page of one vendor. `subject`: the user who is logged in. */
export const vendorPage = (names: ReadonlyArray<string>, tenant: Tenant, subject: string | undefined): Html => {
  const { name, backend, isDown, log } = tenant
  const links = names.map((each) =>
    each === name ? html`<a href="/${each}" aria-current="page">${each}</a>` : html`<a href="/${each}">${each}</a>`,
  )
  const user =
    subject === undefined
      ? card("User", html`Nobody is logged in.`, html`<a class="button primary" href="/${name}/login">Log in</a>`)
      : card("User", html`<strong>${subject}</strong> is logged in.`, post(`/${name}/logout`, "Log out"))
  const api = card(
    "API",
    backend.isLocal
      ? html`A guard checks the signature of each token.`
      : html`A guard asks the vendor about each token.`,
    post(`/${name}/call`, "Call the API", "primary"),
    post(`/${name}/revoke`, "Revoke the token"),
  )
  const vendor = card(
    "Vendor",
    html`The emulator is <strong class="${isDown ? "down" : "good"}">${isDown ? "down" : "up"}</strong>.`,
    isDown ? post(`/${name}/up`, "Bring it back") : post(`/${name}/down`, "Take it down"),
  )
  const nothing = html`<li class="note">Nothing yet: call the API without a token, log in, and call it again.</li>`
  return layout(
    `latchkey demo: ${name}`,
    html`<main><header><h1>latchkey</h1><p>One program for every vendor. Only the configuration differs.</p>
<nav aria-label="Vendors">${links}</nav></header>
<div class="cards">${user}${api}${vendor}</div>
<section class="card"><h2>What happened</h2><ol class="log">${log.length === 0 ? nothing : log.map(entry)}</ol></section>
<details class="card"><summary>The configuration of ${name}</summary><pre>${shownConfig(tenant)}</pre></details></main>`,
  )
}
