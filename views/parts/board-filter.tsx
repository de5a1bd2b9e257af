import { STATES } from '../../src/domain/expectation.ts'
import type { BoardPage } from '../models.ts'
import { Options, plainly } from './field.tsx'
import { Glyph } from './glyph.tsx'

type Props = Pick<BoardPage, 'filter' | 'filterError' | 'choices'>

const any = (what: string) => ({ value: '', says: `any ${what}` })

/** Kept in the address, so that a filtered board can be sent to somebody. */
export const BoardFilterForm = ({ filter, filterError, choices }: Props) => (
  <search>
    <form class="filter" action="/" method="get">
      <div>
        <label class="vh" for="q">
          Name, key or /regular expression/
        </label>
        <input
          id="q"
          name="q"
          type="search"
          value={filter.q}
          placeholder="Name, key or /regex/"
          autocomplete="off"
          spellcheck={false}
          aria-invalid={filterError === null ? undefined : 'true'}
          aria-describedby={filterError === null ? undefined : 'q-error'}
        />
      </div>
      <Choice name="env" label="Environment" what="env" chosen={filter.env} values={choices.envs} />
      <Choice name="tag" label="Tag" what="tag" chosen={filter.tag} values={choices.tags} />
      <Choice name="state" label="State" what="state" chosen={filter.state} values={STATES} />
      <button class="btn" type="submit">
        Filter
      </button>
      {filterError !== null && (
        <p class="wrong" id="q-error" role="alert">
          <Glyph of="missed" /> <span>{filterError}</span>
        </p>
      )}
    </form>
  </search>
)

type ChoiceProps = { name: string; label: string; what: string; chosen: string; values: readonly string[] }

const Choice = ({ name, label, what, chosen, values }: ChoiceProps) => (
  <div>
    <label class="vh" for={name}>
      {label}
    </label>
    <select id={name} name={name}>
      <Options chosen={chosen} choices={[any(what), ...plainly(values)]} />
    </select>
  </div>
)
