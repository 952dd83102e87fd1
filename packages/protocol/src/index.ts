// What a Wireroom client and server say to each other. Pure: no I/O, no clock, no randomness.
export { CHAT_ERRORS, ChatError, type ChatErrorCode, isChatErrorCode } from './chat-error.ts';
export { CLOSE_CODES, type CloseAction, closeAction } from './close-code.ts';
export {
  type DecodedCommand,
  decodeCommand,
  decodeEvent,
  describe,
  encodeCommand,
  encodeEvent,
  SUBPROTOCOL,
} from './codec.ts';
export type {
  Command,
  CommandType,
  HelloCommand,
  JoinCommand,
  LeaveCommand,
  PageCommand,
  PingCommand,
  PostCommand,
  Ref,
} from './command.ts';
export {
  type Author,
  authorSchema,
  type Entry,
  entrySchema,
  type JoinEntry,
  type LeaveEntry,
  type MessageEntry,
  type Position,
  positionSchema,
  type ReceivedEntry,
  type Room,
  roomSchema,
  type UnknownEntry,
} from './entry.ts';
export type {
  EntryEvent,
  JoinedEvent,
  LeftEvent,
  PageEvent,
  PongEvent,
  PostedEvent,
  RefusedEvent,
  ServerEvent,
  WelcomeEvent,
} from './event.ts';
export {
  type AuthorId,
  authorIdSchema,
  type DraftId,
  draftIdSchema,
  type Epoch,
  epochSchema,
  type RoomId,
  roomIdSchema,
  slugSchema,
} from './ids.ts';
export { LESSON_COMMAND_TYPES, type LessonMessage, lessonMessage } from './lesson-shape.ts';
export { LIMITS } from './limits.ts';
export { checkName, nameKey } from './name.ts';
export { checkText, utf8Bytes } from './text.ts';
