// What `wireroom history get --help` and `verify --help` print.

export const GET_HELP = `wireroom history get ROOM: downloads a room's history into a file that proves itself.

      --url URL        the server (http://localhost:3000)
  -f, --format FORMAT  jsonl (complete), html, text, csv or markdown (jsonl)
      --from, --to T   only what was said since, and before: 2026-11-26 or 2026-11-26T18:00:00+01:00
      --author WHO     only this author's: a name, or an id
      --tz ZONE        times and days as they are there (UTC): Europe/Berlin
      --after SEQ      begins after this entry
  -o, --out FILE       the file, or a folder; - is the output (ROOM.jsonl, ROOM.html …)
      --via WAY        auto, http or websocket (auto)
      --job            the server makes the file first and keeps it for a day: for rooms so large that nobody waits for them

In place of ROOM also the address of its history: https://chat.example/api/rooms/lobby/history. Who asks: the token in WIREROOM_TOKEN,
or the guest whom "wireroom chat" remembers. What has come is in FILE.part; the same command goes on from there. A long HTML
history comes in several files beside one another.

Exit code: 0 whole and proven, 1 stopped, or ended early by the server, 2 cannot be done.
`;

export const VERIFY_HELP = `wireroom history verify FILE…: reads a downloaded history and says whether it is whole and as it was sent.

      --against URL  also: does the server have the same? Of the room, epoch and span that the file says

Any of the formats, also compressed by gzip or brotli; - is the input. Several files are parts of one history (HTML), and have
to follow one another.

Exit code: 0 whole (and the same), 1 not whole, or not the same, 2 cannot be read, or the server cannot be asked.
`;
