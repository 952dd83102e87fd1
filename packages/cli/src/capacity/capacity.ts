// `wireroom capacity`: how many people one room carries, measured, shown while it is measured, and left behind as a report. What is
// measured and how is the package @wireroom/capacity's affair.
import { CapacityError, type CapacityFile, capacityFileText } from '@wireroom/capacity';
import { hasColor, type Io, processIo, styleFor } from '../terminal/terminal.ts';
import { USAGE_EXIT_CODE, UsageError } from '../usage-error.ts';
import { type CapacityArguments, type MeasureArguments, readArguments } from './arguments.ts';
import { documentIn, writeDocuments } from './documents.ts';
import { checkPlans } from './plan.ts';
import { checkReach, type Resolve } from './reach.ts';
import { placeFor, type ReportPlace, readReport, writeReport } from './report-files.ts';
import { nameOf, runSession, type SessionParts } from './session.ts';
import { summaryOf } from './summary.ts';
import { WORDS } from './words.ts';

export interface CapacityParts extends SessionParts {
  readonly resolve?: Resolve;
}

/** Of a process that Ctrl-C ended. */
const INTERRUPTED_EXIT_CODE = 130;

export async function capacity(
  args: readonly string[],
  parts: CapacityParts,
  io: Io = processIo,
): Promise<number> {
  try {
    const options = readArguments(args, io.env);
    if (options.kind === 'help') {
      io.output.write(WORDS[options.language].help);
      return 0;
    }
    // Measuring takes minutes: what has no place is told before.
    if (options.docs !== undefined) documentIn(options.docs);
    if (options.kind === 'measure') return await measured(options, parts, io);
    leave(readReport(options.file), options, placeOf(options), io);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof CapacityError)) throw error;
    io.errors.write(`wireroom capacity: ${error.message}\n`);
    return error instanceof UsageError ? USAGE_EXIT_CODE : 1;
  }
}

async function measured(options: MeasureArguments, parts: CapacityParts, io: Io): Promise<number> {
  checkPlans(options);
  for (const target of options.targets) {
    if (target.kind !== 'own' && target.url !== undefined)
      await checkReach(target.url, options.isOtherMachineAllowed, parts.resolve);
  }
  const place = placeOf(options);
  announce(options, io);
  const { file, isInterrupted, hasFailed } = await runSession(options, io, parts);
  leave(file, options, place, io);
  if (isInterrupted) return INTERRUPTED_EXIT_CODE;
  return hasFailed ? 1 : 0;
}

/** For people, before minutes pass. */
function announce(options: MeasureArguments, io: Io): void {
  const words = WORDS[options.language];
  io.errors.write(`${words.begins(options.targets.map(nameOf).join(', '))}\n`);
  for (const target of options.targets) {
    if (target.kind === 'wireroom') io.errors.write(`${words.stays(target.url, target.room)}\n`);
  }
}

/** With --json or --docs only where a place was named. */
const placeOf = ({ out, docs, isJson }: CapacityArguments): ReportPlace | undefined =>
  out === undefined && (isJson || docs !== undefined) ? undefined : placeFor(out);

function leave(file: CapacityFile, options: CapacityArguments, place: ReportPlace | undefined, io: Io): void {
  const { language, docs } = options;
  const style = styleFor(options.isColorWanted && hasColor(io));
  if (docs !== undefined) writeDocuments(docs, file);
  if (options.isJson) io.output.write(capacityFileText(file));
  else io.output.write(`${summaryOf(file, language, style)}\n`);
  if (place === undefined) return;
  const path = writeReport(place, file, language);
  (options.isJson ? io.errors : io.output).write(`${WORDS[language].written(path)}\n`);
}
