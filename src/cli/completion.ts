import { SECOND } from '../domain/time.ts'
import { type Api, anApi, NotAsked, Refused, targetOf } from './api.ts'
import type { EventAnswer } from './shapes.ts'
import { jsonText } from './table.ts'
import { argumentsOf, EXIT, type Verb, WrongUsage, wordsOf } from './verb.ts'

/** Somebody waits with a finger on the key. */
const PATIENCE = SECOND
const MOST_NAMES = 200

/** Words that stand behind a verb. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  events: ['list', 'show', 'register', 'delete'],
  keys: ['list', 'make', 'revoke'],
  completion: ['bash', 'zsh'],
}
const TAKE_EVENTS = ['affirm', 'run', 'expect', 'events']
const TAKE_FILES = ['export', 'import', 'scan', 'crontab']

/** The options that a verb's help names. */
const optionsIn = ({ help }: Verb): string[] => [...new Set([...(help.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? []), '--help'])]

const caseLines = (verbs: readonly Verb[]): string =>
  verbs
    .map((verb) => `    ${verb.name}) options='${optionsIn(verb).join(' ')}'; words='${(WORDS[verb.name] ?? []).join(' ')}' ;;`)
    .join('\n')

/** What both shells do: sets `options` and `words` for the verb, and `names` when events may stand here. Without bashisms. */
const common = (verbs: readonly Verb[]): string => `_affirmative_of() {
  options='--help --version' words=''
  case $1 in
    '') words='${verbs.map(({ name }) => name).join(' ')}' ;;
${caseLines(verbs)}
  esac
}
_affirmative_names() {
  case $1 in
    ${TAKE_EVENTS.join('|')}) affirmative completion names "$2" 2>/dev/null ;;
  esac
}
`

/** Colons stand in names, and bash takes them for the end of a word: what is before the last one is taken off again. */
const bash = (
  verbs: readonly Verb[],
): string => `# affirmative: completion for bash. Put into ~/.bashrc:  eval "$(affirmative completion bash)"
${common(verbs)}_affirmative() {
  local line=\${COMP_LINE:0:COMP_POINT} options words
  local -a typed
  read -ra typed <<<"$line"
  local verb=\${typed[1]-} current=''
  [[ $line == *[[:space:]] ]] || current=\${typed[\${#typed[@]}-1]}
  [[ $current == "$verb" && \${#typed[@]} -le 2 ]] && verb=''
  _affirmative_of "$verb"
  COMPREPLY=()
  if [[ $current == -* ]]; then words=$options
  else words="$words $(_affirmative_names "$verb" "$current")"; fi
  local word
  for word in $words; do [[ $word == "$current"* ]] && COMPREPLY+=("$word"); done
  local cut=\${current%"\${current##*:}"} i
  for i in "\${!COMPREPLY[@]}"; do COMPREPLY[i]=\${COMPREPLY[i]#"$cut"}; done
  case $verb in ${TAKE_FILES.join('|')}) [[ $current == -* ]] || COMPREPLY+=($(compgen -f -- "$current")) ;; esac
}
complete -F _affirmative affirmative
`

const zsh = (verbs: readonly Verb[]): string => `#compdef affirmative
# affirmative: completion for zsh. Put into ~/.zshrc, behind compinit:  eval "$(affirmative completion zsh)"
${common(verbs)}_affirmative() {
  local options words_here verb=\${words[2]-} current=\${words[CURRENT]-}
  (( CURRENT <= 2 )) && verb=''
  local names=''
  () { local words; _affirmative_of "$verb"; words_here=$words }
  [[ $current == -* ]] && { compadd -- \${=options}; return }
  names=$(_affirmative_names "$verb" "$current")
  compadd -- \${=words_here} \${=names}
  case $verb in ${TAKE_FILES.join('|')}) _files ;; esac
}
compdef _affirmative affirmative
`

/** One page: who has more goes on typing. */
async function namesOf(api: Api, beginning: string): Promise<string[]> {
  const query = { q: beginning === '' ? undefined : beginning, limit: MOST_NAMES }
  const { items } = await api.get<{ items: EventAnswer[] }>('/events', query)
  return items.flatMap(({ name, key }) => [name, key]).filter((word) => word.startsWith(beginning))
}

/** While somebody types nothing is said of what does not work. */
function orNothing(error: unknown): string[] {
  if (error instanceof NotAsked || error instanceof Refused || error instanceof WrongUsage) return []
  throw error
}

const namesText = (names: readonly string[], isJson: boolean): string =>
  isJson ? jsonText({ names }) : names.map((name) => `${name}\n`).join('')

/** Prints what a shell completes the command line by. `verbs` are all that there are, this one among them. */
export const completionVerb = (verbs: () => readonly Verb[]): Verb => ({
  name: 'completion',
  summary: 'print what bash or zsh completes this command by',
  help: `affirmative completion bash|zsh

Prints a script that completes verbs, options and the names of events, which it
asks the server in AFFIRMATIVE_URL for, and not for longer than a second.

  eval "$(affirmative completion bash)"     in ~/.bashrc
  eval "$(affirmative completion zsh)"      in ~/.zshrc, behind compinit

"affirmative completion names BEGINNING" is what it asks by.

  --json          for programs: {"script": …}, or {"names": …}

Exit status: 0 done, 2 not understood.
`,
  run: async (args, { env, out }) => {
    const { values, positionals } = argumentsOf(args, { json: { type: 'boolean' } })
    const isJson = values.json === true
    const print = (script: string) => out.write(isJson ? jsonText({ script }) : script)
    const [what = '', beginning = ''] = wordsOf(positionals, ['The shell, bash or zsh,'], ['the beginning of a name'])
    const ask = async () => namesOf(anApi(targetOf({}, env), PATIENCE), beginning)
    if (what === 'bash') print(bash(verbs()))
    else if (what === 'zsh') print(zsh(verbs()))
    else if (what === 'names') out.write(namesText(await ask().catch(orNothing), isJson))
    else throw new WrongUsage(`There is a completion for bash and zsh, and none for "${what}".`)
    return EXIT.done
  },
})
