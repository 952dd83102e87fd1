// The inspector's words in English: scenes to try, captures to take along, and what can go wrong.

export const enTry = {
  'try.lead':
    'Each of these plays between two programs in a sandbox on the server, on a connection of its own: nothing that you try here can harm the chat.',
  'try.enter': 'Enter the chat to play scenes: they run on the server, for the guest that you are there.',
  'try.waiting': 'The server’s recording is not connected yet. The scenes appear here as soon as it is.',
  'try.play': 'Play',
  'try.back': 'All scenes',
  'try.playing': 'Playing…',
  'try.over': 'Over',
  'try.again': 'Once more',
  'try.stop': 'Stop',
  'try.connection': 'Connection of {{count}}:',
  'try.faults': 'Faults of working life',
  'try.faults.about':
    'What goes wrong in production, made to happen on purpose. The course explains each and how it is cured.',
  'try.hex': 'Bytes in hex, as the client sends them after the handshake',
  'try.noHex': 'This is not hex: two digits a byte, at most 64 KiB.',
  'try.frames': '{{count}} frames.',
  'try.frames_one': 'One frame.',
  'try.rest': '{{count}} bytes are left over: the beginning of a frame that is not whole.',
  'try.rest_one': 'One byte is left over: the beginning of a frame that is not whole.',
  'try.send': 'Send these bytes',
  'try.own': 'Your own connection',
  'try.own.about':
    'Cut it, or let nothing through for five seconds, and watch how the chat comes back: the cursor that it sends, what is sent again, what is dropped as a duplicate. Messages that you write meanwhile wait and are not lost.',
  'try.cut': 'Cut my connection',
  'try.silence': 'Drop everything for 5 seconds',

  'take.title': 'Save, open, share',
  'take.save': 'Save this connection',
  'take.pcapng': 'for Wireshark (pcapng)',
  'take.har': 'for browsers’ tools (HAR)',
  'take.jsonl': 'for this inspector (JSONL)',
  'take.link': 'Copy a link to it',
  'take.open': 'Open a capture…',
  'take.stripped':
    'Tokens, cookies and keys are taken out. What people wrote stays in: look before you pass it on.',
  'take.copied':
    'The link is in the clipboard. The capture is in the link itself, behind the #: no server keeps it.',
  'take.copyYourself': 'The capture is in this link, behind the #: no server keeps it. Copy it from here.',
  'take.tooLarge': 'it has more than {{limit}} bytes and is not read.',
  'take.drop': 'Drop the file here to open it',

  'state.off':
    'This connection is not recorded. Switch “Record this connection” on in the menu, and watch from then on.',
  'state.turnOn': 'Record this connection',
  'state.connecting': 'Connecting to the recording…',
  'state.refused': 'The server does not let this connection be watched.',
  'state.lost': 'The recording’s connection is lost. Trying again by itself; what is here stays.',
  'state.alone':
    'You are not in the chat, so there is no connection to watch. Enter the chat and come back, or open a capture from a file: drop it here.',
  'state.badLink': 'This link holds no capture that can be read.',
} as const;
