// @vitest-environment happy-dom
// The hooks in React itself, in the small DOM of `happy-dom`, over the fake network: what is rendered, and how often.
import { act, createElement, type FunctionComponent, StrictMode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { chat, clock, greet, hear, letIn, live, network } from './chat.fixture.ts';
import type { Chat } from './chat.ts';
import { bob, joined, message, reaction, roomId } from './events.fixture.ts';
import { tick } from './fake-clock.fixture.ts';
import { useChat, useConnection, useRoom } from './react.ts';
import type { Room } from './room.ts';

let root: Root;
let page: HTMLElement;
/** How often each view has been rendered, by its name. */
let renders: Record<string, number>;
let roomsSeen: Set<Room>;

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  page = document.createElement('main');
  root = createRoot(page);
  renders = {};
  roomsSeen = new Set();
});

afterEach(() => {
  act(() => root.unmount());
  vi.unstubAllGlobals();
});

function count(view: string): void {
  renders[view] = (renders[view] ?? 0) + 1;
}

const RoomView: FunctionComponent<{ readonly slug: string }> = ({ slug }) => {
  const seen = useRoom(chat, slug);
  count(slug);
  roomsSeen.add(seen.room);
  const texts = seen.snapshot.items.map((item) => ('text' in item ? item.text : item.kind));
  return createElement('p', null, `${slug} ${seen.snapshot.status}: ${texts.join(', ')}`);
};

const ConnectionView: FunctionComponent = () => {
  count('connection');
  return createElement('p', null, useConnection(chat).state);
};

const ChatView: FunctionComponent = () => {
  count('chat');
  return createElement('p', null, Object.keys(useChat(chat).rooms).join(' '));
};

const lobbyView = createElement(RoomView, { key: 'lobby', slug: 'lobby' });
const gardenView = createElement(RoomView, { key: 'garden', slug: 'garden' });
const connectionView = createElement(ConnectionView, { key: 'connection' });
const chatView = createElement(ChatView, { key: 'chat' });

const show = (...views: readonly ReturnType<typeof createElement>[]): Promise<void> =>
  act(async () => root.render(views));

/** It happens, the listeners are told, and React renders. Returns how often each view was rendered meanwhile. */
async function rendersOf(happens: () => unknown): Promise<Record<string, number>> {
  renders = {};
  await act(async () => {
    await happens();
    clock.pass(16);
    await tick();
  });
  return renders;
}

const texts = (): (string | null)[] => [...page.querySelectorAll('p')].map((each) => each.textContent);

/** How many listeners the chat has: those that its doors have handed out and not taken back. */
function countListeners(of: Chat): () => number {
  let listeners = 0;
  const counted =
    <Listener>(subscribe: (listener: Listener) => () => void) =>
    (listener: Listener): (() => void) => {
      const end = subscribe(listener);
      listeners += 1;
      return () => {
        listeners -= 1;
        end();
      };
    };
  const room = of.room('lobby');
  Object.assign(of, { subscribe: counted(of.subscribe) });
  Object.assign(room, { subscribe: counted(room.subscribe) });
  return () => listeners;
}

describe('the hooks for React', () => {
  test('[C38] nothing is rendered where nothing has changed', async () => {
    live();
    await show(lobbyView, connectionView, chatView);
    expect(renders).toEqual({ lobby: 1, connection: 1, chat: 1 });
    const nothing = await rendersOf(() => {
      network.latest.say({ type: 'pong', ref: 99 });
      hear(message(2));
    });
    expect(nothing).toEqual({});
  });

  test('[C38] what useRoom returns is the same object until the room changes', async () => {
    live();
    const returned: unknown[] = [];
    const View: FunctionComponent<{ readonly turn: number }> = () => {
      returned.push(useRoom(chat, 'lobby'));
      return null;
    };
    await show(createElement(View, { key: 'view', turn: 1 }));
    await show(createElement(View, { key: 'view', turn: 2 }));
    expect(returned).toHaveLength(2);
    expect(returned[1]).toBe(returned[0]);
    await rendersOf(() => hear(message(4)));
    expect(returned).toHaveLength(3);
    expect(returned[2]).not.toBe(returned[0]);
  });

  test('[C38] a change of one room renders who reads it, and nobody else', async () => {
    live();
    await show(lobbyView, gardenView, connectionView, chatView);
    expect(await rendersOf(() => hear(message(4, 'new')))).toEqual({ lobby: 1, chat: 1 });
    expect(texts()[0]).toBe('lobby live: text 1, text 2, text 3, new');
    expect(await rendersOf(() => hear(reaction(5, 4, '👍', bob)))).toEqual({ lobby: 1, chat: 1 });
    const join = network.latest.next('join');
    expect(join.room).toBe('garden');
    const refused = { type: 'refused', ref: join.ref, code: 'no-room', message: 'no such room' } as const;
    expect(await rendersOf(() => network.latest.say(refused))).toEqual({ garden: 1, chat: 1 });
    expect(texts()[1]).toBe('garden refused: ');
  });

  test('[C38] a burst is one rendering; a lost connection renders who shows the connection', async () => {
    live();
    await show(lobbyView, connectionView);
    expect(await rendersOf(() => hear(message(4), message(5), message(6)))).toEqual({ lobby: 1 });
    expect(await rendersOf(() => network.latest.end())).toMatchObject({ connection: 1 });
    expect(texts()[1]).toBe('waiting');
  });

  test('[C38] the hook joins the room once, also where StrictMode renders and subscribes twice', async () => {
    chat.enter('Ada');
    greet();
    letIn();
    await act(async () => root.render(createElement(StrictMode, null, gardenView)));
    expect(renders.garden).toBe(2);
    expect(network.latest.next('join').room).toBe('garden');
    expect(roomsSeen.size).toBe(1);
    expect(network.latest.take()).toBeUndefined();
  });

  test('[C38] StrictMode leaves as many listeners as without it, and unmounting leaves none', async () => {
    live();
    const listeners = countListeners(chat);
    await show(lobbyView, connectionView, chatView);
    const plainly = listeners();
    expect(plainly).toBeGreaterThanOrEqual(3);
    await show();
    expect(listeners()).toBe(0);
    await act(async () => root.render(createElement(StrictMode, null, lobbyView, connectionView, chatView)));
    expect(listeners()).toBe(plainly);
    act(() => root.unmount());
    expect(listeners()).toBe(0);
    expect(await rendersOf(() => hear(message(4)))).toEqual({});
    expect(chat.snapshot().rooms.lobby?.items).toHaveLength(4);
    root = createRoot(page);
  });

  test('[C38] a room that was left stays as it was, and a rendering does not join it again', async () => {
    live();
    await show(lobbyView);
    await rendersOf(() => chat.room('lobby').leave());
    await show(lobbyView, connectionView);
    expect(texts()[0]).toContain('text 1, text 2, text 3');
    expect(chat.snapshot().rooms).toEqual({});
  });

  test('[C38] a room that was left and is joined again is shown anew, where it is still mounted', async () => {
    live();
    await show(lobbyView);
    await rendersOf(() => chat.room('lobby').leave());
    network.latest.next('leave');
    await rendersOf(() => chat.room('lobby'));
    expect(texts()).toEqual(['lobby joining: ']);
    const join = network.latest.next('join');
    await rendersOf(() => network.latest.say(joined(join.ref, [message(8, 'back again')])));
    expect(texts()).toEqual(['lobby live: back again']);
    expect(await rendersOf(() => hear(message(9, 'and live')))).toEqual({ lobby: 1 });
    expect(texts()).toEqual(['lobby live: back again, and live']);
  });

  test('[C38] who leaves and mounts the room again joins it again', async () => {
    live();
    await show(lobbyView);
    await rendersOf(() => chat.room('lobby').leave());
    await show();
    await show(lobbyView);
    expect(texts()).toEqual(['lobby joining: ']);
    network.latest.next('leave');
    letIn([message(8, 'back again')]);
    await rendersOf(() => undefined);
    expect(texts()).toEqual(['lobby live: back again']);
    expect(chat.snapshot().rooms.lobby?.roomId).toBe(roomId);
  });

  test('[C38] another slug is another room', async () => {
    live();
    await show(createElement(RoomView, { key: 'one', slug: 'lobby' }));
    await show(createElement(RoomView, { key: 'one', slug: 'garden' }));
    expect(texts()).toEqual(['garden joining: ']);
    expect(await rendersOf(() => hear(message(4)))).toEqual({});
  });
});
