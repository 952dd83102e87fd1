// The samples of docs/sdk.md are what they seem: all are type-checked against the SDK as it is, and those in `ts` are run
// in Node, as printed but for the port, against a server. Those in `tsx` are views for a page.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lexer, type Tokens } from 'marked';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from './server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const printedAddress = 'ws://localhost:3000/ws';
const printedFile = 'lobby.jsonl';

interface Sample {
  readonly number: number;
  readonly language: string;
  readonly code: string;
  /** Where it would lie: beside the packages, so that their names lead where they lead everybody. It is never written. */
  readonly path: string;
}

const isCode = (token: { readonly type: string }): token is Tokens.Code => token.type === 'code';

const samples: readonly Sample[] = lexer(readFileSync(join(root, 'docs/sdk.md'), 'utf8'))
  .filter(isCode)
  .map(({ lang = '', text }, index) => ({
    ...{ number: index + 1, language: lang, code: text },
    path: join(root, `sdk-sample-${index + 1}.${lang}`),
  }));
const programs = samples.filter(({ language }) => language === 'ts');
/** What each of them prints. */
const prints = [
  ["kind: 'message'", "text: 'hello'", "name: 'Ada'"],
  ['about ', 'records, SHA-256 '],
] as const;

/** The options of the repository, and JSX as the page has it. */
function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options, errors } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  expect(errors).toEqual([]);
  return { ...options, incremental: false, jsx: ts.JsxEmit.ReactJSX };
}

/** What TypeScript has against these samples, as if each were a file. */
function objectionsTo(checked: readonly Sample[]): readonly string[] {
  const options = compilerOptions();
  const texts = new Map(checked.map(({ path, code }) => [path, code]));
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram({
    rootNames: [...texts.keys()],
    options,
    host: {
      ...host,
      fileExists: (path) => texts.has(path) || host.fileExists(path),
      readFile: (path) => texts.get(path) ?? host.readFile(path),
      getSourceFile: (path, languageOrOptions) => {
        const text = texts.get(path);
        if (text === undefined) return host.getSourceFile(path, languageOrOptions);
        return ts.createSourceFile(path, text, languageOrOptions);
      },
    },
  });
  return checked.flatMap(({ path }) => {
    const file = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'),
    );
  });
}

/** Where the samples' files come to lie. */
const folder = mkdtempSync(join(tmpdir(), 'wireroom-samples-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs it until it has printed all of these; rejects with what it printed if it ends before. */
function runUntilPrinted(program: Sample, server: TestServer, expected: readonly string[]): Promise<void> {
  const code = program.code
    .replace(printedAddress, `ws://localhost:${server.port}/ws`)
    .replace(`'${printedFile}'`, JSON.stringify(join(folder, printedFile)));
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions', '@wireroom/source', '--input-type=module', '-'],
    // From its standard input Node resolves as from a file in this folder.
    { cwd: root, env: { ...process.env, NO_COLOR: '1' } },
  );
  child.stdin.end(ts.transpile(code, { ...compilerOptions(), module: ts.ModuleKind.ESNext }));
  let printed = '';
  return new Promise<void>((resolve, reject) => {
    const read = (text: string): void => {
      printed += text;
      if (expected.every((part) => printed.includes(part))) resolve();
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.on('error', reject);
    child.on('close', (exitCode) => reject(new Error(`it ended with ${exitCode}: ${printed}`)));
  }).finally(() => child.kill());
}

describe('the samples of docs/sdk.md', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  test('[C31] are TypeScript that fits the SDK', () => {
    expect(samples.map(({ language }) => language)).toEqual(expect.arrayContaining(['ts', 'tsx']));
    expect(samples.filter(({ language }) => !['ts', 'tsx'].includes(language))).toEqual([]);
    expect(objectionsTo(samples)).toEqual([]);
  }, 60_000);

  test('[C31] would be objected to where they did not fit', () => {
    const wrong = samples.map((sample) => ({ ...sample, code: sample.code.replace('.post(', '.send(') }));
    expect(objectionsTo(wrong)).toHaveLength(samples.filter(({ code }) => code.includes('.post(')).length);
  }, 60_000);

  test('[C31] what each program prints is known', () => {
    expect(programs).toHaveLength(prints.length);
  });

  test.each(
    programs.map((program, index) => ({ program, expected: prints[index] ?? [], number: program.number })),
  )('[C31] [C28] [C39] run as printed: no. $number', async ({ program, expected }) => {
    expect(program.code).toContain(printedAddress);
    await runUntilPrinted(program, server, expected);
  });
});
