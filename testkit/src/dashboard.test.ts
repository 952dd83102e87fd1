// docs/grafana-dashboard.json without a Grafana: every metric and label that its queries name is on a running server's /metrics, all of
// our metrics are in it, and it has the form of Grafana's classic dashboards.
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { type MetricsReading, metricsOf } from './metrics-reader.ts';
import { NativeClient } from './native-client.ts';
import { startTestServer } from './server.ts';

/** As much of a panel as is looked at. */
interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Query[];
}

interface Query {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
}

interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
}

const file = new URL('../../docs/grafana-dashboard.json', import.meta.url);
const board = JSON.parse(await readFile(file, 'utf8')) as Dashboard;
const queries = board.panels.flatMap(({ title, targets = [] }) =>
  targets.map((asked) => ({ title, ...asked })),
);
/** Prometheus gives these to whatever it scrapes. */
const OF_THE_SCRAPE = ['job', 'instance'];

const metricsIn = (expr: string): readonly string[] =>
  [...expr.matchAll(/\b(?:wireroom|process|nodejs)_[a-z_]+/g)].map(([name]) => name);

/** What a query groups by, and what it chooses by where it is one value. */
function labelsIn(expr: string) {
  const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/));
  const chosen = [...expr.matchAll(/([a-z_]+)="([^"$]*)"/g)].map(
    ([, label = '', value = '']) => [label, value] as const,
  );
  return { grouped: grouped.filter((label) => !OF_THE_SCRAPE.includes(label)), chosen };
}

describe('the dashboard', () => {
  let metrics: MetricsReading;
  let fresh: MetricsReading;

  /** A server to which everything has happened that bears a label only when it happens. */
  beforeAll(async () => {
    const server = await startTestServer({});
    try {
      fresh = await metricsOf(server.port);
      const ada = await NativeClient.enter(`ws://localhost:${server.port}/ws`, 'Ada');
      await ada.ask({ type: 'post', room: 'nowhere', text: 'lost' });
      const upgrade = {
        ...{ connection: 'Upgrade', upgrade: 'websocket', origin: 'http://elsewhere.example' },
        ...{ 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' },
      };
      await new Promise<void>((resolve) => {
        request({ port: server.port, path: '/ws', headers: upgrade }, (response) => {
          response.resume().on('end', resolve);
        }).end();
      });
      metrics = await metricsOf(server.port);
      ada.socket.terminate();
    } finally {
      await server.stop();
    }
  }, 120_000);

  it('[M9] asks for nothing that a server does not show, and shows all of ours', () => {
    const { names } = fresh;
    const asked = new Set(
      queries
        .flatMap(({ expr }) => metricsIn(expr))
        .map((name) => (names.includes(name) ? name : name.replace(/_(bucket|sum|count)$/, ''))),
    );
    expect([...asked].filter((name) => !names.includes(name))).toEqual([]);
    expect(names.filter((name) => name.startsWith('wireroom_') && !asked.has(name))).toEqual([]);
  });

  it.each(queries)(
    '[M9] groups and chooses by labels that are there: $title, $refId',
    ({ expr, legendFormat }) => {
      const { grouped, chosen } = labelsIn(expr);
      for (const metric of metricsIn(expr)) {
        const series = [...metrics.text.matchAll(new RegExp(`^${metric}(?:\\{(.*)\\})? `, 'gm'))].map(
          ([, labels = '']) =>
            new Map([...labels.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, key, value]) => [key, value])),
        );
        expect(series.length).toBeGreaterThan(0);
        for (const labels of series) expect([...labels.keys()]).toEqual(expect.arrayContaining(grouped));
        const isThere = series.some((labels) =>
          chosen.every(([label, value]) => labels.get(label) === value),
        );
        expect(isThere).toBe(true);
      }
      for (const [, label = ''] of legendFormat.matchAll(/\{\{(.*?)\}\}/g))
        if (!OF_THE_SCRAPE.includes(label)) expect(grouped).toContain(label);
    },
  );

  it('[M9] has panels that Grafana can lay out: each with an id of its own and a place, and none upon another', () => {
    expect(new Set(board.panels.map(({ id }) => id)).size).toBe(board.panels.length);
    const taken = new Set<string>();
    for (const { gridPos: at } of board.panels) {
      expect(at.x + at.w).toBeLessThanOrEqual(24);
      for (let x = at.x; x < at.x + at.w; x += 1)
        for (let y = at.y; y < at.y + at.h; y += 1) {
          expect(taken).not.toContain(`${x} ${y}`);
          taken.add(`${x} ${y}`);
        }
    }
    for (const { targets = [] } of board.panels)
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
  });

  it('[M9] has the classic form, of which 42 is the last version: what 40 to 42 ask for is so', () => {
    const [integer, text] = [expect.any(Number), expect.any(String)];
    // 39 is what it says, so that older ones take it too.
    expect(board).toMatchObject({ schemaVersion: 39, uid: text, title: text, refresh: text, links: [] });
    const json = JSON.stringify(board);
    for (const word of ['time_options', 'hideFrom', '__inputs', '"graph"', '"singlestat"'])
      expect(json).not.toContain(word);
    const datasource = { type: 'prometheus', uid: expect.stringMatching(/^\$\{datasource\}$/) };
    const gridPos = { x: integer, y: integer, w: integer, h: integer };
    for (const panel of board.panels) {
      const of = { id: integer, title: text, gridPos };
      if (panel.type === 'row') expect(panel).toEqual({ type: 'row', ...of, collapsed: false, panels: [] });
      else
        expect(panel).toEqual({
          ...of,
          type: expect.stringMatching(/^(stat|timeseries)$/),
          description: text,
          datasource,
          fieldConfig: { defaults: expect.objectContaining({ unit: text }), overrides: [] },
          targets: panel.targets?.map(() => ({ refId: text, datasource, expr: text, legendFormat: text })),
          options: expect.any(Object),
        });
    }
  });

  it('[M9] uses the variables that it has', () => {
    const names = new Set(board.templating.list.map(({ name }) => name));
    const used = [...JSON.stringify(board).matchAll(/\$\{?([a-z_]+)\}?/g)].map(([, name = '']) => name);
    expect(used.filter((name) => !name.startsWith('__') && !names.has(name))).toEqual([]);
    expect(used).toEqual(expect.arrayContaining([...names]));
  });
});
