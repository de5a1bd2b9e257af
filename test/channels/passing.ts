import type { Kind, Values } from '../../src/channels/kind.ts'
import type { HttpRequest, Message } from '../../src/domain/message.ts'
import { NOW } from './messages.ts'
import { requestsFor } from './telling.ts'

/** What a kind would send over HTTP. */
export const requestsOf = <V extends Values>(kind: Kind<V>, settings: V, message: Message, now = NOW): HttpRequest[] =>
  requestsFor({ kind, settings }, message, now)

/** What no service documents, and any proxy in front of one may answer. */
export const ODD_ANSWERS = [
  [200, '', 'again'],
  [200, '<html>Sign in to the network</html>', 'again'],
  [202, '{"status":', 'again'],
  [201, 'null', 'again'],
  [302, '', 'never'],
  [408, '', 'again'],
  [404, 'no such page', 'never'],
  [429, '', 'again'],
  [500, '', 'again'],
  [502, '<html>Bad gateway</html>', 'again'],
  [503, '', 'again'],
] as const
