// The attributes `onopen`, `onmessage`, `onerror` and `onclose` (HTML section 8.1.8.1): each is one listener among the
// others, in the place where it was first set.

/** What such an attribute holds. An object that is no function is kept and never called, as the standard has it. */
export type HandlerAttribute<Target, E> = ((this: Target, event: E) => unknown) | null;

interface Active {
  handler: object;
  readonly listener: (event: Event) => void;
}

export class HandlerAttributes {
  readonly #target: EventTarget;
  readonly #active = new Map<string, Active>();

  constructor(target: EventTarget) {
    this.#target = target;
  }

  get(type: string): object | null {
    return this.#active.get(type)?.handler ?? null;
  }

  set(type: string, value: unknown): void {
    const current = this.#active.get(type);
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) {
      if (current !== undefined) this.#target.removeEventListener(type, current.listener);
      this.#active.delete(type);
    } else if (current !== undefined) {
      current.handler = value;
    } else {
      this.#activate(type, value);
    }
  }

  #activate(type: string, handler: object): void {
    const active: Active = {
      handler,
      listener: (event) => {
        if (typeof active.handler === 'function') active.handler.call(this.#target, event);
      },
    };
    this.#active.set(type, active);
    this.#target.addEventListener(type, active.listener);
  }
}
