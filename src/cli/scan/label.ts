const NAME = '([A-Za-z0-9][A-Za-z0-9_.:-]{0,127})'
const QUOTE = '["\'`]'
const END = '[ \\t]*(?:-->|\\*/)?\\s*$'

/** What a line can call a key that stands for `KEY` here; a plain word at the end of a longer comment is there by chance. */
const LABELS = [
  // orders: KEY, ORDERS_KEY=KEY, orders = "https://…/affirm/KEY"
  `${NAME}${QUOTE}?\\s{0,9}(?::=|=>|<-|:|=)\\s{0,9}${QUOTE}?(?:https?://[^\\s"'\`<>]{1,200}/affirm/)?KEY`,
  // "KEY": "orders"
  `KEY${QUOTE}?\\s{0,9}(?::|=>|=)\\s{0,9}${QUOTE}${NAME}${QUOTE}`,
  // # KEY: orders
  `KEY${QUOTE}?\\s{0,9}[:=]\\s{0,9}${NAME}${END}`,
  // …/affirm/KEY # orders
  `KEY(?:(?!af_)[^\\n]){0,200}?(?:\\s(?:#|//|--)|<!--|/\\*)[ \\t]*${NAME}${END}`,
]

/** What the line calls the key: the names written next to it, as they are written. */
export const labelsOf = (line: string, key: string): string[] =>
  LABELS.flatMap((label) => new RegExp(label.replace('KEY', key)).exec(line)?.[1] ?? [])

/** `ORDERS_KEY`, `ordersKey` and `orders` are called alike. */
export const unified = (label: string): string =>
  label
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/_(?:key|event|id)_?$|_$/, '')
