// Reads a server's /metrics as Prometheus would: names and values. For tests and measurements on this machine.

export interface MetricsReading {
  readonly text: string;
  /** Of the metrics, as their TYPE lines have them. */
  readonly names: readonly string[];
  /** The sum over all series that bear these labels; 0 where there is none. */
  value(name: string, labels?: Readonly<Record<string, string>>): number;
}

export async function metricsOf(port: number): Promise<MetricsReading> {
  const response = await fetch(`http://localhost:${port}/metrics`);
  const text = await response.text();
  if (!response.ok) throw new Error(`/metrics answers ${response.status}: ${text.slice(0, 200)}`);
  const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);
  const samples = [...text.matchAll(/^([a-z_]+)(?:\{(.*)\})? (\S+)$/gim)].map(
    ([, name = '', labels = '', value = '']) => ({ name, labels, value: Number(value) }),
  );
  return {
    text,
    names,
    value: (name, labels = {}) =>
      samples
        .filter((sample) => sample.name === name)
        .filter((sample) =>
          Object.entries(labels).every(([label, value]) => sample.labels.includes(`${label}="${value}"`)),
        )
        .reduce((sum, sample) => sum + sample.value, 0),
  };
}
