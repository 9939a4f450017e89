/** Where a server really differs: sentences that do not hold for it, with the reason. */

/** No release has it yet; the emulator of what comes next has. */
export const noRotation: Readonly<Record<string, string>> = {
  "a rotated secret works, and the answer is the only one that holds it": "no release has secret rotation yet",
}

/** Hydra before v25.4. That the device grant is refused by name is tested apart. */
export const before25: Readonly<Record<string, string>> = {
  ...noRotation,
  "a device gets its tokens when the user has finished elsewhere": "this release has no device grant",
  "taking back one grant leaves the others": "this release gives a grant no id",
}

/** Asks a running server which of these it is: only the newer ones name a device endpoint. */
export const skipsOf = async (publicUrl: string): Promise<Readonly<Record<string, string>>> => {
  const response = await fetch(`${publicUrl}/.well-known/openid-configuration`)
  const metadata = (await response.json()) as { readonly device_authorization_endpoint?: string }
  return metadata.device_authorization_endpoint === undefined ? before25 : noRotation
}
