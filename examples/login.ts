/** Logs users in with the authorization code flow, on `node:http`. */
import { randomUUID } from "node:crypto"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { type AnyAuth, AuthError, type Transaction } from "latchkey"

/**
 * Makes a server that starts a login at `/login` and completes it at the path of the redirect URI.
 *
 * @param auth `createAuth(fromEnv(process.env))`
 * @param redirectUri as registered at the vendor, such as `https://app.example/callback`
 */
export const loginServer = (auth: Pick<AnyAuth, "authorize" | "exchange">, redirectUri: string): Server => {
  const { pathname } = new URL(redirectUri)
  // By login, in this process. Several processes need a shared store.
  const transactions = new Map<string, Transaction>()
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", redirectUri)
    if (url.pathname === "/login") {
      const { url: location, transaction } = await auth.authorize({ redirectUri })
      const login = randomUUID()
      transactions.set(login, transaction)
      setTimeout(() => transactions.delete(login), 600_000).unref()
      const cookie = `login=${login}; Path=${pathname}; Max-Age=600; HttpOnly; Secure; SameSite=Lax`
      return void response.writeHead(302, { location, "set-cookie": cookie }).end()
    }
    const login = /(?:^|; )login=([^;]*)/.exec(request.headers.cookie ?? "")?.[1] ?? ""
    const transaction = transactions.get(login)
    transactions.delete(login)
    if (transaction === undefined) return void response.writeHead(400).end("Start at /login.")
    const { idClaims } = await auth.exchange(url, transaction)
    response.end(`Logged in as ${idClaims?.sub}.`) // Start a session here.
  }
  return createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      const status = error instanceof AuthError ? (error.isRetryable ? 503 : 400) : 500
      response.writeHead(status).end("The login failed.")
    })
  })
}
