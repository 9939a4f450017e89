import type { Exchange, Reply } from "../http-server.ts"

const escapeHtml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

const html = (status: number, body: string): Reply => ({
  status,
  headers: {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "private, no-cache, no-store, must-revalidate",
  },
  body,
})

/** The error page of a server without a configured error page. */
export const errorPage = ({ query }: Exchange): Reply => {
  const item = (label: string, name: string) => `<li>${label}: ${escapeHtml(query.get(name) ?? "")}</li>`
  const items = [
    item("Error", "error"),
    item("Description", "error_description"),
    item("Hint", "error_hint"),
    item("Debug", "error_debug"),
  ]
  return html(
    500,
    `\n<html>\n<head>\n\t<title>An OAuth 2.0 Error Occurred</title>\n</head>\n<body>\n<h1>The OAuth2 request resulted in an error.</h1>\n<ul>\n${items.join("\n")}\n</ul>\n</body>\n</html>\n`,
  )
}

/** The login and consent page of a server without configured pages. */
export const missingPage = (): Reply =>
  html(200, "\n<html>\n<body>Configuration keys for the user pages are not set.</body>\n</html>\n")

/** The last page of a logout without `post_logout_redirect_uri`. */
export const logoutDone = (): Reply =>
  html(200, "<html>\n<head>\n\t<title>You logged out successfully!</title>\n</head>\n<body></body>\n</html>\n")
