import { foldName } from './people.ts'

const SHORTEST = 10
const LONGEST = 200
export const PASSWORD_RULE = `at least ${SHORTEST} characters; a sentence is easier to keep in mind than a riddle`

/** Beside the name so many characters must be left: "ann" and nine more are fine, "ann-miller" and "12" are not. */
const LEAST_BESIDE_NAME = 6
const LEAST_DIFFERENT = 4

/** What lists of stolen passwords hold most often among those that are long enough; each also with anything but letters around it. */
const COMMON = new Set(
  `password passwort passw0rd p@ssword p@ssw0rd qwertyuiop qwertzuiop asdfghjkl zxcvbnm qwerty qwertz iloveyou
  princess sunshine football baseball superman letmein welcome monkey dragon master shadow michael jordan
  trustno changeme administrator admin secret administrateur contraseña motdepasse liverpool starwars
  qazwsx qwertyqwerty passwordpassword adminadmin affirmative hello helloworld computer internet
  correcthorsebatterystaple abcdefgh abcdefghij abcdefghijklmnopqrstuvwxyz`.split(/\s+/),
)
const ROWS = [
  '01234567890123456789',
  '98765432109876543210',
  'qwertyuiopasdfghjklzxcvbnm',
  '1q2w3e4r5t6y7u8i9o0p',
  '1qaz2wsx3edc4rfv5tgb',
]

/** Digits and signs that people put around a word. */
const AROUND = /^[\d\p{P}\p{Sc}\p{Sm}\p{Sk}\s]+|[\d\p{P}\p{Sc}\p{Sm}\p{Sk}\s]+$/gu
/** Shorter ones are dates and telephone numbers. */
const LEAST_OF_DIGITS = 20

const isCommon = (folded: string): boolean => {
  const letters = folded.replace(AROUND, '')
  const isShortNumber = letters === '' && folded.length < LEAST_OF_DIGITS
  return COMMON.has(folded) || COMMON.has(letters) || isShortNumber || ROWS.some((row) => row.includes(folded))
}

/** Passwords are compared as the same text however a keyboard composes it. */
export const plainPassword = (password: string): string => password.normalize('NFKC')

/** What is wrong with a new password of the person of this name; null for nothing. */
export function passwordProblem(password: string, name: string): string | null {
  const { length } = [...password]
  const folded = foldName(password)
  const own = foldName(name)
  if (length < SHORTEST) return `must have ${PASSWORD_RULE}`
  if (length > LONGEST) return `must have at most ${LONGEST} characters`
  if (own !== '' && folded.includes(own) && folded.length - own.length < LEAST_BESIDE_NAME)
    return 'must not be your name with a little around it'
  if (new Set(folded).size < LEAST_DIFFERENT || isCommon(folded))
    return 'is one of those that are tried first; take something that only you would think of'
  return null
}
