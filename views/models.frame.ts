/** The pages that the navigation leads to. */
export const MAIN_PAGES = ['board', 'sign-off', 'incidents', 'events', 'channels', 'settings'] as const
export type MainPage = (typeof MAIN_PAGES)[number]

/** What colours the page has: those of the reader's system, or as switched. */
export const LOOKS = ['system', 'light', 'dark'] as const
export type Look = (typeof LOOKS)[number]

/** Which zone leads where an instant is told: the server's or UTC. */
export const LEADS = ['local', 'utc'] as const
export type Leads = (typeof LEADS)[number]
