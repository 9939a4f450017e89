/** The HTML pages of the emulators. They work without a script. */

/** A text field that the user fills in. */
interface TextInput {
  readonly label: string
  readonly name: string
  readonly value?: string
  readonly required?: boolean
}

/** A button that submits the form. With `field` its press adds a field. */
interface Button {
  readonly label: string
  readonly field?: readonly [name: string, value: string]
}

/** A form with one button or more. */
export interface Form {
  /** `get` repeats the address with the fields as its query. Default: `post`. */
  readonly method?: "get" | "post"
  readonly action: string
  readonly hidden?: Iterable<readonly [name: string, value: string]>
  readonly inputs?: ReadonlyArray<TextInput>
  /** `makeBrowser` presses the first one. */
  readonly buttons: readonly [Button, ...ReadonlyArray<Button>]
}

/** A page with a heading, a text and at most one form. */
export interface Page {
  readonly title: string
  readonly text?: string
  readonly form?: Form
}

/**
 * The headers of a page.
 *
 * The policy has no `form-action`, because Chromium applies it to the redirect to the client after a form too.
 */
export const pageHeaders = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
} as const

/** Escapes text for the content of an element and for an attribute in quotes. */
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const attributes = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeHtml(value)}"`)
    .join("")

const textInput = ({ label, name, value = "", required = false }: TextInput): string => {
  const field = `<input${attributes({ type: "text", name, value, autocomplete: "off" })}${required ? " required" : ""}>`
  return `<p><label>${escapeHtml(label)} ${field}</label></p>`
}

const submitButton = ({ label, field }: Button): string => {
  const [name, value] = field ?? []
  const fields = name === undefined || value === undefined ? {} : { name, value }
  return `<button${attributes({ type: "submit", ...fields })}>${escapeHtml(label)}</button>`
}

const formHtml = ({ method = "post", action, hidden = [], inputs = [], buttons }: Form): ReadonlyArray<string> => [
  `<form${attributes({ method, action })}>`,
  ...Array.from(hidden, ([name, value]) => `<input${attributes({ type: "hidden", name, value })}>`),
  ...inputs.map(textInput),
  `<p>${buttons.map(submitButton).join(" ")}</p>`,
  "</form>",
]

/** Renders a page as HTML. */
export const pageHtml = ({ title, text, form }: Page): string =>
  [
    "<!DOCTYPE html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title>`,
    // Without it a browser requests `/favicon.ico`.
    '<link rel="icon" href="data:,">',
    "</head>",
    "<body>",
    "<main>",
    `<h1>${escapeHtml(title)}</h1>`,
    ...(text === undefined ? [] : [`<p>${escapeHtml(text)}</p>`]),
    ...(form === undefined ? [] : formHtml(form)),
    "</main>",
    "</body>",
    "</html>",
    "",
  ].join("\n")

/** Names the scopes of a request in a text for the user. */
export const scopesText = (scopes: ReadonlyArray<string>): string =>
  scopes.length === 0 ? "no scopes" : `the scopes ${scopes.join(", ")}`
