import type { Setting } from "./job.ts"

/** The `serve` export of every file in `frameworks/`: starts a server behind a guard and gives its port. */
export type Serve = (guard: string, setting: Setting) => Promise<number>

/** Gives the subject of the token in an `Authorization` header; `undefined` for an invalid token. */
export type Verify = (authorization: string | undefined) => string | undefined | Promise<string | undefined>

/** The `make` export of every file in `verifiers/`. */
export type MakeVerify = (setting: Setting) => Promise<Verify>

/** Loads a guard that is the same in every framework. */
export const verifierOf = async (name: string, setting: Setting): Promise<Verify> => {
  const { make }: { make: MakeVerify } = await import(`./verifiers/${name}.ts`)
  return make(setting)
}

/** Reads the token of a header as the guards by hand do. */
export const bearer = (authorization: string | undefined): string | undefined =>
  authorization?.startsWith("Bearer ") === true ? authorization.slice(7) : undefined
