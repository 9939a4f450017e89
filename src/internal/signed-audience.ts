/** What local validation has found out about the token whose introspection is under way. */
import * as Context from "effect/Context"

/** Whether the token has a valid signature and its signed `aud` is accepted, so that the introspection response may omit `aud`. */
export const AudienceIsSigned = Context.Reference<boolean>("latchkey/AudienceIsSigned", { defaultValue: () => false })

/**
 * Whether no key was available to verify the token's signature. A response without `aud` then decides nothing about a token
 * whose audience is configured.
 */
export const KeysAreUnavailable = Context.Reference<boolean>("latchkey/KeysAreUnavailable", {
  defaultValue: () => false,
})
