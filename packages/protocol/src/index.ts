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
  Cursor,
  DeleteCommand,
  EditCommand,
  HelloCommand,
  JoinCommand,
  LeaveCommand,
  PageCommand,
  PingCommand,
  PostCommand,
  ReactCommand,
  Ref,
  RenameCommand,
  ResumeCommand,
  TopicCommand,
  UnreactCommand,
} from './command.ts';
export {
  checkContent,
  checkEmoji,
  commandOf,
  contentOf,
  type DraftCommand,
  type DraftContent,
  isDraftCommand,
} from './draft-content.ts';
export {
  type Author,
  authorSchema,
  type DeleteEntry,
  type DraftedEntry,
  type EditEntry,
  type Entry,
  entrySchema,
  type JoinEntry,
  type LeaveEntry,
  type MessageEntry,
  type Position,
  positionSchema,
  type ReactEntry,
  type ReceivedEntry,
  type RenameEntry,
  type Room,
  roomSchema,
  type TopicEntry,
  type UnknownEntry,
  type UnreactEntry,
} from './entry.ts';
export type {
  EntryEvent,
  HeadsEvent,
  JoinedEvent,
  LeftEvent,
  PageEvent,
  PongEvent,
  PostedEvent,
  RefusedEvent,
  RestartingEvent,
  ResumedEvent,
  ResumedRoom,
  ServerEvent,
  WelcomeEvent,
} from './event.ts';
export {
  type AuthorId,
  authorIdSchema,
  type DraftId,
  draftIdOf,
  draftIdSchema,
  type Epoch,
  epochSchema,
  type RoomId,
  roomIdSchema,
  slugSchema,
} from './ids.ts';
export { joinNotice, LESSON_COMMAND_TYPES, type LessonMessage, lessonMessage } from './lesson-shape.ts';
export { LIMITS } from './limits.ts';
export { type MessageState, messageStateSchema, type Reaction } from './message-state.ts';
export { checkName, nameKey } from './name.ts';
export { checkText, utf8Bytes } from './text.ts';
