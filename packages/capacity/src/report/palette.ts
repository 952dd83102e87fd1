// The colours of report and plots, light and dark: those of the page (docs/design.md), so that a report is recognisably of the same
// house. Plots name them as CSS variables; who shows a plot brings the definitions.

export const COLOURS = {
  light: {
    paper: '#f5f4ef',
    surface: '#fbfaf7',
    sunken: '#ebe9e2',
    ink: '#1c2326',
    'ink-soft': '#545f63',
    hairline: '#dcd9d0',
    border: '#868c8a',
    copper: '#93450f',
    'copper-wash': '#f1e4d8',
    blue: '#2a5da8',
    teal: '#0f6b72',
    violet: '#6746a6',
    danger: '#ab2417',
    'danger-wash': '#f8e3df',
    wait: '#7a5a00',
    good: '#2b6e3f',
  },
  dark: {
    paper: '#14191b',
    surface: '#191f21',
    sunken: '#0f1314',
    ink: '#e6e7e3',
    'ink-soft': '#9fa9aa',
    hairline: '#2b3336',
    border: '#6f7a7d',
    copper: '#e8a06c',
    'copper-wash': '#33261c',
    blue: '#8ab2f2',
    teal: '#62c3c7',
    violet: '#b9a3f0',
    danger: '#f39a8d',
    'danger-wash': '#3a1f1c',
    wait: '#dcb65c',
    good: '#86c796',
  },
} as const;

export type Colour = keyof (typeof COLOURS)['light'];

export const colour = (name: Colour): string => `var(--${name})`;

/** As declarations, for a rule of CSS. */
export const declarations = (theme: keyof typeof COLOURS): string =>
  Object.entries(COLOURS[theme])
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');

/** Light, and dark where the reader's system says so; print is light. `root` is what holds the variables. */
export const paletteCss = (root: string): string =>
  `${root}{color-scheme:light;${declarations('light')}}` +
  `@media screen and (prefers-color-scheme:dark){${root}{color-scheme:dark;${declarations('dark')}}}`;
