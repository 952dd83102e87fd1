// The entry @wireroom/capacity/load: lean connections for programs that make load of their own, as the chat's bench does.
export { type Dialect, socketioDialect, wireroomDialect } from './load/dialect.ts';
export { type Door, type Entered, enter, greet, type Visitor } from './load/entering.ts';
export { type Place, Wire, type WireEvents } from './load/wire.ts';
export { socketioRoomCommand } from './process/program.ts';
