import type { ExpectationAnswer } from './shapes.ts'

const STATES = ['met', 'missed', 'unknown', 'late', 'waiting', 'paused'] as const
/** So many names stand in the line; what reads it cuts long ones. */
const MOST_NAMED = 10

function namesOf(missed: readonly ExpectationAnswer[]): string {
  const names = missed.slice(0, MOST_NAMED).map(({ event, env }) => `${event} (${env})`)
  const more = missed.length - names.length
  return `${names.join(', ')}${more > 0 ? `, and ${more} more` : ''}`
}

/** The line and the exit status of a plugin: https://nagios-plugins.org/doc/guidelines.html. What is missed with severity warning is only that. */
export function nagiosOf(all: readonly ExpectationAnswer[]): { line: string; status: 0 | 1 | 2 } {
  const missed = all.filter(({ state }) => state === 'missed')
  const data = STATES.map((state) => {
    const count = all.filter((one) => one.state === state).length
    return `${state}=${count}${state === 'missed' ? ';;0' : ''}`
  }).join(' ')
  if (missed.length === 0) return { line: `OK: nothing of ${all.length} is missed | ${data}\n`, status: 0 }
  const isCritical = missed.some(({ severity }) => severity === 'critical')
  const said = `${missed.length} of ${all.length} missed: ${namesOf(missed)}`
  return { line: `${isCritical ? 'CRITICAL' : 'WARNING'}: ${said} | ${data}\n`, status: isCritical ? 2 : 1 }
}
