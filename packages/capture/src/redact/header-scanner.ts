// Finds the values of secret header fields, byte by byte: a byte's verdict depends on the bytes before it only.
import { isSecretName, NAME_CHARACTERS_MAX } from './secret-names.ts';

const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
const COLON = 58;

export class HeaderScanner {
  #name = '';
  #place: 'line-start' | 'name' | 'value' | 'secret' = 'line-start';
  /** The field above is secret: a line that begins with a blank goes on with it. */
  #isAfterSecret = false;

  /** True: the byte is part of a secret. */
  next(byte: number): boolean {
    if (byte === LF) {
      this.#isAfterSecret = this.#place === 'secret';
      this.#place = 'line-start';
      return false;
    }
    const isBlank = byte === SPACE || byte === TAB;
    switch (this.#place) {
      case 'line-start':
        if (byte === CR) return false;
        this.#name = '';
        this.#place = isBlank && this.#isAfterSecret ? 'secret' : 'name';
        return this.#place === 'name' && this.#inName(byte);
      case 'name':
        return this.#inName(byte);
      case 'value':
        return false;
      case 'secret':
        return byte !== CR && !isBlank;
    }
  }

  #inName(byte: number): false {
    if (byte === COLON) this.#place = isSecretName(this.#name.trim(), 'header', false) ? 'secret' : 'value';
    else if (this.#name.length < NAME_CHARACTERS_MAX) this.#name += String.fromCharCode(byte);
    return false;
  }
}
