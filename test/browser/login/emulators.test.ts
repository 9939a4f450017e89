import { kinde, oidc, ory, polar } from "./emulated-vendors.ts"
import { describeLogin } from "./journey.ts"

describeLogin("Kinde", kinde)
describeLogin("Ory", ory)
describeLogin("Polar", polar)
describeLogin("a standard provider", oidc)
