/** In the ways in which services write a text that they repeat: as it is, in JSON, in an address, in base64. */
export const formsOf = (secret: string): string[] => [
  ...new Set(partsOf(secret).flatMap((part) => [part, ...jsonForms(part), ...addressForms(part), ...base64Forms(part)])),
]

/** Of a secret address the part that is secret, too: services tell which path they do not know. Of what stands in a header what follows its scheme. */
function partsOf(secret: string): string[] {
  const [, scheme = '', credentials = ''] = /^([A-Za-z]+) +(\S+)$/.exec(secret) ?? []
  if (credentials !== '') return [secret, credentials, ...(scheme.toLowerCase() === 'basic' ? loginIn(credentials) : [])]
  if (!URL.canParse(secret)) return [secret]
  const { pathname, search } = new URL(secret)
  return [secret, `${pathname}${search}`, pathname]
}

/** Name and password, and the password (RFC 7617). */
function loginIn(credentials: string): string[] {
  const login = Buffer.from(credentials, 'base64').toString()
  return [login, login.slice(login.indexOf(':') + 1)]
}

/** Writers of JSON differ in what they write as a number beside what they must: nothing, what is not ASCII, what means something in HTML; some escape slashes. */
const CODED = [/(?!)/g, /[^ -~]/g, /[<>&]/g, /\\"|[<>&'"+`]|[^ -~]/g]

const asNumber = (sign: string): string => `\\u${sign.slice(-1).charCodeAt(0).toString(16).padStart(4, '0')}`

function jsonForms(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1)
  const written = CODED.map((coded) => json.replace(coded, asNumber))
  return [...written, ...written.map((form) => form.replaceAll('/', '\\/'))]
}

const addressForms = (text: string): string[] => [
  encodeURIComponent(Buffer.from(text).toString()),
  new URLSearchParams([['', text]]).toString().slice(1),
]

/** Also in the middle of something, like a password after its name: there are three ways for it to stand, each with signs at its ends that are not its alone. */
function base64Forms(text: string): string[] {
  const inside = [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)])
    const whole = Math.floor((bytes.length * 8) / 6)
    return bytes.toString('base64').slice(before === 0 ? 0 : before + 1, whole)
  })
  const all = [Buffer.from(text).toString('base64'), ...inside]
  return [...all, ...all.map((form) => form.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''))]
}
