import type { Configuration, KoaContextWithOIDC } from "oidc-provider"
import { formIn } from "../browser.ts"
import { type Page, pageHeaders, pageHtml } from "../html.ts"

const show = (context: KoaContextWithOIDC, page: Page): void => {
  context.set(pageHeaders)
  context.body = pageHtml(page)
}

/** Returns the action and the hidden fields of a form that `oidc-provider` renders. */
const parse = (context: KoaContextWithOIDC, html: string) => {
  const { url, form = [] } = formIn(html, context.href) ?? { url: context.href }
  return { action: url, hidden: [...form].filter(([name]) => name !== userCode) }
}

const userCode = "user_code"
const connect = "Connect a device"

type Features = NonNullable<Configuration["features"]>

/** The pages of the device authorization grant. */
export const devicePages: Features["deviceFlow"] = {
  userCodeInputSource: (context, html, _, error) => {
    if (error?.name === "AbortedError") return show(context, { title: connect, text: "The device was denied." })
    show(context, {
      title: connect,
      text: error === undefined ? "Enter the code that the device shows." : "The code is invalid or has expired.",
      form: {
        ...parse(context, html),
        inputs: [{ label: "Code", name: userCode, required: true }],
        buttons: [{ label: "Continue" }],
      },
    })
  },
  userCodeConfirmSource: (context, html, client, _, code) => {
    const { action, hidden } = parse(context, html)
    show(context, {
      title: connect,
      text: `A device with the code ${code} asks to connect to ${client.clientName ?? client.clientId}.`,
      form: {
        action,
        hidden: [...hidden, [userCode, code]],
        buttons: [{ label: "Connect" }, { label: "Deny", field: ["abort", "yes"] }],
      },
    })
  },
  successSource: (context) => show(context, { title: connect, text: "The device is connected." }),
}

/** The pages of the logout. */
export const logoutPages: Features["rpInitiatedLogout"] = {
  logoutSource: (context, html) =>
    show(context, {
      title: "Sign out",
      text: "Do you want to sign out?",
      form: {
        ...parse(context, html),
        buttons: [{ label: "Sign out", field: ["logout", "yes"] }, { label: "Stay signed in" }],
      },
    }),
  postLogoutSuccessSource: (context) => show(context, { title: "Signed out", text: "You are signed out." }),
}

/** The page of an error that has no redirect URI. */
export const renderError: Configuration["renderError"] = (context, { error, error_description = "" }) =>
  show(context, { title: "Error", text: `${error} ${error_description}` })
