// A plot's option becomes SVG: drawn by ECharts in Node, without what only a live page needs. Colours are CSS variables, so that one
// drawing serves light and dark; who shows it defines them (palette.ts). The only file that knows ECharts.
import { BarChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent } from 'echarts/components';
import type { EChartsCoreOption } from 'echarts/core';
import { init, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, LineChart, ScatterChart, GridComponent, MarkLineComponent, LabelLayout, SVGRenderer]);

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Drawing {
  /** Letters, digits and dashes; ids inside the SVG begin with it, so that several can stand in one page. */
  readonly id: string;
  /** What it shows, for those who do not see it. */
  readonly label: string;
  readonly option: EChartsCoreOption;
  readonly size: Size;
}

export function svgOf({ id, label, option, size }: Drawing): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    chart.setOption({ animation: false, ...option });
    return plain(chart.renderToSVGString(), id, label);
  } finally {
    chart.dispose();
  }
}

/** ECharts leaves hooks for a page's script, and numbers its ids by how many charts the process has had. */
function plain(svg: string, id: string, label: string): string {
  return svg
    .replaceAll(/<style\s*>[\s\S]*?<\/style>\n?/g, '')
    .replaceAll(/ (?:ecmeta_\w+|class|pointer-events)="[^"]*"/g, '')
    .replaceAll(/\bzr\d+-/g, `${id}-`)
    .replace(/ xmlns:xlink="[^"]*"| version="[^"]*"| baseProfile="[^"]*"/g, '')
    .replace('<svg ', `<svg role="img" aria-label="${escaped(label)}" `);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Would move or turn what stands around it. */
const UNSEEN = /(?![\n\t])[\p{Cc}\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;

/** Text of whatever origin, for HTML and SVG, between tags and in attributes. */
export const escaped = (text: string): string =>
  text.replaceAll(UNSEEN, '\uFFFD').replaceAll(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);
