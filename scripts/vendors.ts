/** Every adapter, for the tables of the documentation. */
import { auth0 } from "latchkey/auth0"
import { betterAuth } from "latchkey/better-auth"
import { cognito } from "latchkey/cognito"
import { entra } from "latchkey/entra"
import { keycloak } from "latchkey/keycloak"
import { kinde } from "latchkey/kinde"
import { logto } from "latchkey/logto"
import { oidc } from "latchkey/oidc"
import { okta } from "latchkey/okta"
import { ory } from "latchkey/ory"
import { polar } from "latchkey/polar"
import { zitadel } from "latchkey/zitadel"

export const vendors = [
  auth0,
  betterAuth,
  cognito,
  entra,
  keycloak,
  kinde,
  logto,
  oidc,
  okta,
  ory,
  polar,
  zitadel,
] as const
