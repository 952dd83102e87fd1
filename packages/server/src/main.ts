// The server as a program: settings in, a running chat out, and an orderly end on SIGTERM or Ctrl-C.
// What people read goes to stdout; the structured log goes to stderr.
import { closeSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { isatty } from 'node:tty';
import { pino } from 'pino';
import { type App, startApp } from './app.ts';
import { type Config, ConfigError, flagOf, readConfig, SETTINGS } from './config.ts';

/** Runs until it is told to stop. Resolves to the exit code. */
export async function serve(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(usage());
    return 0;
  }
  try {
    return await run(readConfig(argv, process.env));
  } catch (error) {
    // Whoever starts the server gets a sentence; a stack trace only for what is a fault of ours.
    process.stderr.write(`wireroom: ${operatingMessage(error) ?? stackOf(error)}\n`);
    // What had started already, the database thread above all, must not keep the process.
    process.exit(1);
  }
}

async function run(config: Config): Promise<number> {
  const terminals = [0, 1, 2].filter((fd) => isatty(fd));
  const logOutput = pino.destination({ fd: 2, sync: true });
  const logger = pino({ level: config.logLevel }, logOutput);
  // A terminal that was closed takes no more lines (EIO), and there is nobody left to tell: the drain goes on.
  for (const output of [logOutput, process.stdout]) output.on('error', () => {});
  let stopWith: (code: number) => void = () => {};
  const stopped = new Promise<number>((resolve) => {
    stopWith = resolve;
  });
  const app = await startApp(config, {
    logger,
    print: (line) => process.stdout.write(`${line}\n`),
    onFatal: (error) => {
      logger.fatal({ err: error }, 'the database thread ended; stopping');
      stopWith(1);
    },
  });
  onSignal((signal) => {
    logger.info({ signal }, 'stopping');
    stopWith(0);
  });
  announce(config, app);
  logger.info({ port: app.port, socketPort: app.socketPort }, 'listening');
  const code = await stopped;
  // A disk that hangs must not keep the process for ever.
  setTimeout(() => {
    logger.error({ afterMs: STOP_MS_MAX }, 'stopping took too long; ending now');
    process.exit(1);
  }, STOP_MS_MAX).unref();
  await app.stop();
  logger.info('stopped');
  // Node restores the terminal when it ends, and aborts where a closed one refuses; what is not open it passes over.
  for (const fd of terminals) closeSync(fd);
  return code;
}

const STOP_MS_MAX = 20_000;

/** A stop that is asked for twice in this time is one: terminal and npm both pass the same Ctrl-C on. */
const SAME_STOP_MS = 1_000;

/** The first signal asks to stop, one that comes later ends at once. SIGHUP: the terminal's window was closed. */
function onSignal(stop: (signal: string) => void): void {
  let firstAtMs: number | undefined;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const nowMs = performance.now();
      if (firstAtMs === undefined) {
        firstAtMs = nowMs;
        stop(signal);
      } else if (nowMs - firstAtMs > SAME_STOP_MS) process.exit(130);
    });
  }
}

function announce(config: Config, app: App): void {
  const scheme = app.isEncrypted ? 'https' : 'http';
  const isLocal = ['localhost', '127.0.0.1', '::1'].includes(config.host);
  const isEverywhere = ['0.0.0.0', '::'].includes(config.host);
  const host = isEverywhere ? 'localhost' : config.host.includes(':') ? `[${config.host}]` : config.host;
  const lines = [`Wireroom is listening on ${scheme}://${host}:${app.port}`];
  if (app.socketPort !== undefined) {
    lines.push(
      `For programs: ${app.isEncrypted ? 'wss' : 'ws'}://${host}:${app.socketPort} (WebSocket and Socket.IO)`,
    );
  }
  if (isLocal) lines.push('Only this machine can reach it. To let others in: HOST=0.0.0.0 npm start');
  if (isEverywhere) {
    for (const address of lanAddresses())
      lines.push(`Others on your network: ${scheme}://${address}:${app.port}`);
  }
  if (config.tls.kind === 'self-signed')
    lines.push('The certificate was made just now: browsers will warn. It is for trying things out.');
  process.stdout.write(`${lines.join('\n')}\n`);
}

function lanAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => address.family === 'IPv4' && !address.internal)
    .map((address) => address.address);
}

function usage(): string {
  const rows = Object.values(SETTINGS).map((setting) => {
    const fallback = setting.fallback === '' ? '' : ` (${setting.fallback})`;
    return `  --${flagOf(setting).padEnd(24)} ${setting.env.padEnd(24)} ${setting.help}${fallback}`;
  });
  return `wireroom serve: runs the chat server.\n\n  flag                       environment              what it is (default)\n${rows.join('\n')}\n`;
}

/** The sentence of an operating error, which may lie beneath what failed because of it. */
function operatingMessage(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const isOperating = error instanceof ConfigError || 'isOperating' in error;
  return isOperating ? error.message : operatingMessage(error.cause);
}

/** With everything beneath it. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? error.message;
  return error.cause === undefined ? stack : `${stack}\ncaused by: ${stackOf(error.cause)}`;
}
