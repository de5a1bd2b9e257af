import { BlockList, isIP } from 'node:net'
import { parseDuration } from './domain/duration.ts'
import type { Duration } from './domain/time.ts'

export const positive = (text: string): Duration | undefined => {
  const duration = parseDuration(text)
  return duration === null || duration === 0 ? undefined : duration
}

export const port = (text: string): number | undefined =>
  /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined
export const wholeNumber = (text: string): number | undefined => (/^\d{1,7}$/.test(text) ? Number(text) : undefined)
export const oneOf =
  <T extends string>(list: readonly T[]) =>
  (text: string): T | undefined =>
    list.find((one) => one === text)
export const yesOrNo = (text: string): boolean | undefined =>
  ({ on: true, true: true, '1': true, off: false, false: false, '0': false })[text.toLowerCase()]

export function webAddress(text: string): string | undefined {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return undefined
  return text.replace(/\/+$/, '')
}

export function blockList(text: string): BlockList | undefined {
  const list = new BlockList()
  for (const entry of text.split(',').map((one) => one.trim())) {
    const [address = '', bits] = entry.split('/')
    const version = isIP(address)
    const most = version === 4 ? 32 : 128
    const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : -1
    if (version === 0 || prefix < 0 || prefix > most) return undefined
    list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}

export function names(text: string): ReadonlySet<string> | undefined {
  const all = text.split(',').map((one) => one.trim().toLowerCase())
  return all.every((one) => /^[a-z\d_]([\w.-]{0,251}[a-z\d_])?$/.test(one)) ? new Set(all) : undefined
}

const isOrigin = (text: string): boolean =>
  /^https?:\/\/[\w.:[\]-]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text

/** Origins as browsers say them; `*` for all. */
export function origins(text: string): ReadonlySet<string> | undefined {
  const all = text.split(',').map((one) => one.trim().toLowerCase())
  return all.every((one) => one === '*' || isOrigin(one)) ? new Set(all) : undefined
}
