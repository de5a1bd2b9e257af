/** `make`, asked once for each key; only the newest `most` answers are kept. `make` must be pure. */
export function remembering<T extends object>(most: number, make: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>()
  return (key) => {
    const found = known.get(key)
    if (found !== undefined) return found
    const made = make(key)
    for (const oldest of known.size >= most ? known.keys() : []) {
      known.delete(oldest)
      break
    }
    known.set(key, made)
    return made
  }
}
