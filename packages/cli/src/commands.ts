// The commands of `wireroom`: their names, a line about each, and where their code lies. Loaded when they are run, so that
// none waits for the others' packages.

export interface Command {
  /** What it does, in one line of the usage. */
  readonly summary: string;
  /** Brings the code. `run` takes the arguments after the command's name and resolves with the exit code. */
  readonly load: () => Promise<{ readonly run: (args: readonly string[]) => Promise<number> }>;
}

export const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['serve', { summary: 'runs the chat server', load: () => import('./commands/serve.ts') }],
  [
    'check',
    {
      summary: 'says what is wrong with a WebSocket server, why, and how to mend it',
      load: () => import('./commands/check.ts'),
    },
  ],
  ['chat', { summary: 'enters a chat from the terminal', load: () => import('./commands/chat.ts') }],
  [
    'history',
    {
      summary: "a room's history as a file: downloads it, proves it, makes a room of it",
      load: () => import('./commands/history.ts'),
    },
  ],
  [
    'inspect',
    {
      summary: 'shows the handshake and every frame of any WebSocket server',
      load: () => import('./commands/inspect.ts'),
    },
  ],
  [
    'compare',
    {
      summary: 'measures native WebSocket and Socket.IO side by side',
      load: () => import('./commands/compare.ts'),
    },
  ],
  [
    'capacity',
    {
      summary: 'measures how many people one room carries, and what runs out first',
      load: () => import('./commands/capacity.ts'),
    },
  ],
  [
    'scene',
    {
      summary: 'plays a scene on a loopback wire: things to try, faults of working life',
      load: () => import('./commands/scene.ts'),
    },
  ],
  [
    'backup',
    { summary: 'copies the database while the server runs', load: () => import('./commands/backup.ts') },
  ],
  [
    'restore',
    { summary: 'puts a backup in the place of the database', load: () => import('./commands/restore.ts') },
  ],
  [
    'verify',
    {
      summary: 'reads the whole database and says whether it is sound',
      load: () => import('./commands/verify.ts'),
    },
  ],
]);

export function usage(): string {
  const rows = [...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(9)} ${summary}`);
  return `wireroom COMMAND [options]\n\n${rows.join('\n')}\n\nwireroom COMMAND --help tells more. Without a command it serves.\n`;
}
