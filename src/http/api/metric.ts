/** Labels and a value. */
export type Sample = [labels: Record<string, string>, value: number]
export type Metric = { name: string; type: 'counter' | 'gauge'; help: string; samples: Sample[] }

const escaped = (text: string): string => text.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))

const labelled = (labels: Record<string, string>): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

/** The text format 0.0.4 of Prometheus. */
export const inText = (metrics: readonly Metric[]): string =>
  metrics
    .filter(({ samples }) => samples.length > 0)
    .flatMap(({ name, type, help, samples }) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${type}`,
      ...samples.map(([labels, value]) => `${name}${labelled(labels)} ${value}`),
    ])
    .join('\n')

/** A sample for each of these names. */
export const by = (label: string, values: Readonly<Record<string, number>>): Sample[] =>
  Object.entries(values).map(([name, value]) => [{ [label]: name }, value])
/** None where it is not known. */
export const one = (value: number | null): Sample[] => (value === null ? [] : [[{}, value]])
