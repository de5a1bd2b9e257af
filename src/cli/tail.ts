/** The last bytes of an output; it takes no more memory however long that is. */
export type Tail = { add(piece: Buffer): void; text(): string }

const CONTINUES = /^[\x80-\xbf]{1,3}/

/** Keeps the last `most` bytes. As text: the half of a character at the beginning is left out, and what is none shows as �. */
export function aTail(most: number): Tail {
  let kept = Buffer.alloc(0)
  let isCut = false
  return {
    add: (piece) => {
      isCut ||= kept.length + piece.length > most
      kept = Buffer.concat([kept, piece.subarray(-most)]).subarray(-most)
    },
    text: () => {
      const half = isCut ? (CONTINUES.exec(kept.subarray(0, 3).toString('latin1'))?.[0].length ?? 0) : 0
      return kept.subarray(half).toString().replaceAll('\0', '\ufffd')
    },
  }
}
