/** The contract's sentences that do not hold for some servers, with the reasons. */

/** Secret rotation is in no release yet. Only the emulator of the next release has it. */
export const noRotation: Readonly<Record<string, string>> = {
  "a rotated secret works, and the answer is the only one that holds it": "no release has secret rotation yet",
}

/** Hydra before v25.4. Another test covers that the device grant is unsupported. */
export const before25: Readonly<Record<string, string>> = {
  ...noRotation,
  "a device gets its tokens when the user has finished elsewhere": "this release has no device grant",
  "taking back one grant leaves the others": "grants have no id in this release",
}

/** Finds the skips of a running server: only newer releases have a device endpoint in their metadata document. */
export const skipsOf = async (publicUrl: string): Promise<Readonly<Record<string, string>>> => {
  const response = await fetch(`${publicUrl}/.well-known/openid-configuration`)
  const metadata = (await response.json()) as { readonly device_authorization_endpoint?: string }
  return metadata.device_authorization_endpoint === undefined ? before25 : noRotation
}
