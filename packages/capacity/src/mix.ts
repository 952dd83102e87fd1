// What is asked of a room: how many read, how many write, how often and how much. What a measurement is made of.

export interface Mix {
  /** People in the room, writers among them. */
  readonly readers: number;
  /** Of them, those who post. */
  readonly senders: number;
  /** Posts a second of each sender. */
  readonly rate: number;
  /** Of a text, in bytes of UTF-8. */
  readonly size: number;
}
