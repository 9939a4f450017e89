declare module "passport-http-bearer" {
  import { Strategy as PassportStrategy } from "passport"

  type Done = (error: unknown, user?: unknown) => void

  export class Strategy extends PassportStrategy {
    constructor(verify: (token: string, done: Done) => unknown)
  }
}
