import type { State } from '../src/domain/expectation.ts'
import type { Millis } from '../src/domain/time.ts'
import type { FormState, Frame, SignOffField } from './models.ts'

/** Somebody's word. `by` is a source, `note` what they wrote with it. */
export type SignedView = { by: string; at: Millis; note: string | null }

/** A sign-off that whoever looks may still take back. */
export type UndoView = { event: string; env: string; at: Millis; id: number; by: string; isMine: boolean; until: Millis }

/** What is asked of people about one event in one environment. */
export type AskView = {
  event: string
  env: string
  description: string
  /** `waiting`: signing counts for the next due; `later`: not before `opensAt`; `done`: enough have signed. `unasked`: nothing of it is due. */
  standing: 'waiting' | 'later' | 'done' | 'unasked'
  state: State
  due: Millis | null
  /** The end of the grace, while it is late. */
  graceTo: Millis | null
  opensAt: Millis
  /** How many more are wanted, and whether each must be somebody else. */
  missing: number
  ofDifferent: boolean
  /** Who looks has signed already, so that it must be somebody else now. */
  isForOthers: boolean
  sentences: readonly string[]
  /** In the present window, newest first, and the last before it. */
  signed: readonly SignedView[]
  last: SignedView | null
  form: FormState<SignOffField>
  /** Set between asking and confirming: what makes a double click sign once, and the name it is signed with. */
  confirm: { id: string; name: string } | null
}

export type SignOffPage = {
  frame: Frame
  /** Only of this environment; empty: of all. */
  env: string
  envs: readonly string[]
  defaultEnv: string
  /** How many are `waiting`. */
  waiting: number
  asks: readonly AskView[]
  /** How many more there are than are shown. */
  more: number
  undo: readonly UndoView[]
}
