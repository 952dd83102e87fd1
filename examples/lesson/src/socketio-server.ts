// The lesson's second chat room: the same chat on Socket.IO, which brings named events, reconnection and groups.
// It keeps nothing: whoever is offline misses what is said. The room that remembers is packages/server.
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Server } from 'socket.io';
import { listen, servePage } from './page-server.ts';

const NAME_CHARACTERS_MAX = 64;
const TEXT_CHARACTERS_MAX = 4000;
const MESSAGE_BYTES_MAX = 64 * 1024; // Socket.IO cuts the connection of whoever sends more at once
const PRESENT = 'present'; // the group of those who have logged in: the others receive nothing

/** What goes out as a `message` event. A notice of the room has no sender. */
type LessonMessage =
  | { readonly type: 'LOGIN' | 'LEAVE'; readonly message: string }
  | { readonly type: 'CHAT'; readonly message: string; readonly sender: string }
  | { readonly type: 'ERROR'; readonly code: string; readonly message: string };

/** A refusal: the code is for programs, the sentence for the person at the page. */
type Refusal = readonly [code: string, sentence: string];

/** Names that differ only in case or width are one name. The page itself writes 系统 and 我, so nobody may be called so. */
const keyOf = (name: string) => name.normalize('NFKC').toLowerCase();
const takenNames = new Set(['系统', '我']);

function refusalOfName(name: string): Refusal | undefined {
  if (name.trim() === '') return ['name-empty', '请填写名字'];
  if (name.length > NAME_CHARACTERS_MAX) return ['name-too-long', `名字最多 ${NAME_CHARACTERS_MAX} 个字符`];
  if (name !== name.trim() || /[\p{Cc}\p{Cf}]/u.test(name))
    return ['name-characters', '名字里有看不见的字符'];
  if (takenNames.has(keyOf(name))) return ['name-taken', '这个名字已经有人用了'];
  return undefined;
}

function refusalOfText(text: string): Refusal | undefined {
  if (text.trim() === '') return ['text-empty', '请填写消息'];
  if (text.length > TEXT_CHARACTERS_MAX) return ['text-too-long', `消息最多 ${TEXT_CHARACTERS_MAX} 个字符`];
  return undefined;
}

/** A field of what somebody sent, if there is such a text in it: they can send anything, null included. */
function textField(data: unknown, key: 'type' | 'name' | 'message'): string {
  const value: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, key) : undefined;
  return typeof value === 'string' ? value : '';
}

const httpServer = createServer();
const io = new Server<{ message: (data: unknown) => void }, { message: (message: LessonMessage) => void }>(
  httpServer,
  { maxHttpBufferSize: MESSAGE_BYTES_MAX, serveClient: false },
);

io.on('connection', (socket) => {
  let ownName: string | undefined;

  const login = (name: string): Refusal | undefined => {
    if (ownName !== undefined) return ['already-greeted', `你已经是${ownName}了`];
    const refusal = refusalOfName(name);
    if (refusal) return refusal;
    ownName = name;
    takenNames.add(keyOf(name));
    socket.join(PRESENT);
    io.to(PRESENT).emit('message', { type: 'LOGIN', message: `${name}加入了聊天` });
    return undefined;
  };

  const chat = (message: string): Refusal | undefined => {
    if (ownName === undefined) return ['hello-first', '请先登录'];
    const refusal = refusalOfText(message);
    if (!refusal) io.to(PRESENT).emit('message', { type: 'CHAT', message, sender: ownName });
    return refusal;
  };

  const obey = (data: unknown): Refusal | undefined => {
    const type = textField(data, 'type');
    if (type === 'LOGIN') return login(textField(data, 'name'));
    if (type === 'CHAT') return chat(textField(data, 'message'));
    return ['unknown-type', '只有 LOGIN 和 CHAT'];
  };

  socket.on('message', (data) => {
    const refusal = obey(data);
    if (refusal) socket.send({ type: 'ERROR', code: refusal[0], message: refusal[1] });
  });

  socket.on('disconnect', () => {
    if (ownName === undefined) return;
    takenNames.delete(keyOf(ownName));
    io.to(PRESENT).emit('message', { type: 'LEAVE', message: `${ownName}离开了聊天` });
  });
});

const socketIoClient = fileURLToPath(import.meta.resolve('socket.io-client/dist/socket.io.js'));
const socketPort = await listen(httpServer, 'SOCKET_PORT', 8090);
await servePage({ file: 'socketio.html', socketPort, socketIoClient });
