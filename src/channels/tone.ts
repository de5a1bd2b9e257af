import type { Message } from '../domain/message.ts'

/** How a message looks: what is wrong, by its severity; what is good again; and what is neither. */
export type Tone = 'critical' | 'warning' | 'good' | 'neutral'

export function toneOf({ kind, alert, severity }: Message): Tone {
  if (alert === 'opens' || alert === 'stays') return severity
  return alert === 'closes' || kind === 'met' ? 'good' : 'neutral'
}

export const COLOURS: Readonly<Record<Tone, string>> = {
  critical: 'b3261e',
  warning: 'b26a00',
  good: '1b7f3b',
  neutral: '5f6b7a',
}
