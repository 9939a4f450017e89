const multiply = Math.imul
const rotate = (value: number, bits: number) => (value << bits) | (value >>> (32 - bits))

const scramble = (block: number) => multiply(rotate(multiply(block, 0xcc9e2d51), 15), 0x1b873593)

/** The 32-bit murmur3 hash with seed 0, which names a client's cookies. */
export const murmur3 = (text: string): number => {
  const bytes = Buffer.from(text, "utf8")
  let hash = 0
  const whole = bytes.length - (bytes.length % 4)
  for (let at = 0; at < whole; at += 4) {
    hash = multiply(rotate(hash ^ scramble(bytes.readInt32LE(at)), 13), 5) + 0xe6546b64
  }
  let tail = 0
  for (let at = bytes.length - 1; at >= whole; at -= 1) tail = (tail << 8) | (bytes[at] ?? 0)
  if (whole < bytes.length) hash ^= scramble(tail)
  hash ^= bytes.length
  hash = multiply(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = multiply(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
