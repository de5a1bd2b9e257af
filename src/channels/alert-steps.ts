import type { AlertStep, Message } from '../domain/message.ts'

/**
 * What a service that pages people does with its alert for a message, in order. A test opens one and closes it. What has no alert of its own – what
 * could not be judged because nobody was listening – opens one that a person closes. What was met, and what late news says, is nothing to page about:
 * what is missed by it is an incident.
 */
export function alertSteps({ alert, kind }: Message): Exclude<AlertStep, 'none'>[] {
  if (alert !== 'none') return [alert]
  if (kind === 'met' || kind === 'blind-settled') return []
  return kind === 'test' ? ['opens', 'closes'] : ['opens']
}
