// The door of the report: from what a run found to one HTML file and to pictures. It loads the plotting library, so it is an entry of
// its own, `@wireroom/capacity/report`; the answer in words and the JSON file need none and are in the package's main entry.

export { paletteCss } from './palette.ts';
export { PLOTS, type Plot, type PlotName } from './plots.ts';
export { plotImages, reportPage } from './report-page.ts';
