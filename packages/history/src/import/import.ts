// The readers of exports, as others come to them: ours, Slack's and Element's, each a stream of records; the mapper that makes
// entries of them; the report of what could not be one.
export { readElementExport } from './element-export.ts';
export { ImportMapper, type MappedEntry } from './import-mapper.ts';
export { ImportError, type ImportHead, type ImportSource, type ReadRecord } from './import-record.ts';
export { type ImportCounts, type ImportProblem, ImportReport } from './import-report.ts';
export { IMPORT_LIMITS } from './limits.ts';
export { type ExportFiles, isSlackExport, readSlackExport } from './slack-export.ts';
export { lineOf } from './text-parts.ts';
export { readWireroomFile } from './wireroom-file.ts';
