/** The logins, and how much code they are. */
import { readFileSync } from "node:fs"
import type { BetterAuth } from "../better-auth.ts"
import { betterAuthLogin } from "./better-auth.ts"
import { latchkeyLogin } from "./latchkey.ts"
import type { MakeLogin } from "./make-login.ts"
import { openidClientLogin } from "./openid-client.ts"
import { passportLogin } from "./passport.ts"

export interface Login {
  readonly makeLogin: MakeLogin
  /** The files of its code, from this folder. */
  readonly files: ReadonlyArray<string>
}

const example = ["express", "logins", "pages", "refused", "sessions"].map(
  (name) => `../../../examples/login/${name}.ts`,
)

/** The logins, by the heading of the column. */
export const loginsWith = (betterAuth?: BetterAuth): Readonly<Record<string, Login>> => ({
  latchkey: { makeLogin: latchkeyLogin, files: ["latchkey.ts", ...example] },
  "openid-client by hand": { makeLogin: openidClientLogin, files: ["openid-client.ts"] },
  "passport with openid-client": { makeLogin: passportLogin, files: ["passport.ts"] },
  ...(betterAuth && { "better-auth": { makeLogin: betterAuthLogin(betterAuth), files: ["better-auth.ts"] } }),
})

const linesIn = (file: string): number =>
  readFileSync(new URL(file, import.meta.url), "utf8")
    .split("\n")
    .filter((line) => !/^\s*($|\/\/|\/?\*)/.test(line)).length

/** Counts the lines of files, without comments and blank lines. Rounded to tens, so that an edit seldom changes the page. */
export const linesOf = (files: ReadonlyArray<string>): number =>
  Math.round(files.map(linesIn).reduce((sum, lines) => sum + lines) / 10) * 10
