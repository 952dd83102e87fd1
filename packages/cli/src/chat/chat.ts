// `wireroom chat`: a visit to a Wireroom in the terminal, on the SDK. Puts arguments, memory and client together; what is
// typed and printed is visit.ts's, or script.ts's where nobody sits there.
import { createChat } from '@wireroom/client';
import { hasColor, type Io, isInteractive, processIo, styleFor } from '../terminal/terminal.ts';
import { USAGE_EXIT_CODE, UsageError } from '../usage-error.ts';
import { readArguments } from './arguments.ts';
import { fileStorage, forget, memoryFile } from './memory-file.ts';
import { visitAsProgram } from './script.ts';
import { visitAsPerson } from './visit.ts';
import { WORDS } from './words.ts';

export async function chat(args: readonly string[], io: Io = processIo): Promise<number> {
  try {
    const given = readArguments(args, io.env);
    if (given === 'help') {
      io.output.write(HELP);
      return 0;
    }
    const { url, room, name, language } = given;
    const words = WORDS[language];
    const file = memoryFile(io.env);
    if (given.forgets) {
      const hadSomething = forget(file, url);
      io.output.write(`${hadSomething ? words.forgotten(url) : words.nothingRemembered(url)}\n`);
      return 0;
    }
    const client = createChat({
      url,
      rooms: [room],
      storage: fileStorage(file),
      // A person, or the arguments, say under which name. What is not sent yet is this terminal's own, in memory.
      entersByItself: false,
    });
    const parts = { client, room, name, words, io };
    const style = styleFor(given.isColorWanted && hasColor(io));
    return await (isInteractive(io) ? visitAsPerson({ ...parts, style }) : visitAsProgram(parts));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.errors.write(`wireroom chat: ${error.message}\n`);
    return USAGE_EXIT_CODE;
  }
}

const HELP = `wireroom chat [URL]: enters a Wireroom from the terminal. Without a URL: ws://localhost:3000/ws.

  -n, --name NAME   your name; otherwise the one of last time, or you are asked
  -r, --room ROOM   the room (lobby)
      --forget      forgets the name and the token that are remembered for this server
      --lang LANG   en or zh; otherwise as LANG says
      --no-color    as NO_COLOR=1

In a terminal: type and press Enter; /help lists the commands.
Without one, each line of the input is posted and each message of the room is printed as a line; it ends when the input has
ended and everything is acknowledged. Exit code: 0, 1 turned away or not sent, 2 a mistake in the command.
`;
