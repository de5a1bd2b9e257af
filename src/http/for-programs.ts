/** Is this path of the API, today's or the original's? Programs speak to it: no page is answered there, and no cookie changes anything. */
export const isForPrograms = (path: string): boolean => /^\/(api|affirmative)\//.test(path)
