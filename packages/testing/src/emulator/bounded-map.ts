/** Makes a Map that evicts its oldest entry when it holds more than `limit` entries. */
export const boundedMap = <Value>(limit: number): Map<string, Value> => {
  const map = new Map<string, Value>()
  const set = map.set.bind(map)
  map.set = (key, value) => {
    set(key, value)
    if (map.size > limit) {
      const oldest = map.keys().next()
      if (!oldest.done) map.delete(oldest.value)
    }
    return map
  }
  return map
}
