/** The findings of local validation about the token that is being introspected. */
import * as Context from "effect/Context"

/** Whether the token has a valid signature and its signed `aud` is accepted, so that the introspection response may omit `aud`. */
export const AudienceIsSigned = Context.Reference<boolean>("latchkey/AudienceIsSigned", { defaultValue: () => false })

/**
 * Whether no key was available to verify the token's signature. If an audience is configured, a response without `aud`
 * then does not decide about the token.
 */
export const KeysAreUnavailable = Context.Reference<boolean>("latchkey/KeysAreUnavailable", {
  defaultValue: () => false,
})
