const multiply = Math.imul
const rotate = (value: number, bits: number) => (value << bits) | (value >>> (32 - bits))

const scramble = (block: number) => multiply(rotate(multiply(block, 0xcc9e2d51), 15), 0x1b873593)

/** Returns the 32-bit MurmurHash3 of a text with seed 0, which is part of the names of a client's cookies. */
export const murmur3 = (text: string): number => {
  const bytes = Buffer.from(text, "utf8")
  let hash = 0
  const blocksEnd = bytes.length - (bytes.length % 4)
  for (let index = 0; index < blocksEnd; index += 4) {
    hash = multiply(rotate(hash ^ scramble(bytes.readInt32LE(index)), 13), 5) + 0xe6546b64
  }
  let tail = 0
  for (let index = bytes.length - 1; index >= blocksEnd; index -= 1) tail = (tail << 8) | (bytes[index] ?? 0)
  if (blocksEnd < bytes.length) hash ^= scramble(tail)
  hash ^= bytes.length
  hash = multiply(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = multiply(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
