// Load for a whole chat server: so many people in the lobby, one of whom writes, so many messages under way at once. Ends when
// everybody has every message: node chat.mjs PORT PEOPLE MESSAGES UNDER_WAY RECORDED (how many of the people ask to be recorded)
import { connect } from '@wireroom/websocket';

const [port = 0, people = 0, messages = 0, underWay = 0, recorded = 0] = process.argv.slice(2).map(Number);
const mark = `load ${process.pid}`;
let missing = people * messages;
/** @type {() => void} */
let done = () => {};
const all = new Promise((resolve) => {
  done = () => resolve(undefined);
});

/** @param {number} index */
async function enter(index) {
  const query = index < recorded ? '?record=1' : '';
  const connection = await connect(`ws://127.0.0.1:${port}/ws${query}`, { subprotocols: ['wireroom.v1'] });
  await new Promise((resolve) => {
    connection.handle({
      message: (message) => {
        const text = message.text();
        if (text.includes('"type":"joined"')) resolve(undefined);
        else if (text.includes(mark)) missing -= 1;
        else if (text.includes('"type":"posted"')) write();
        if (missing === 0) done();
      },
    });
    connection.send(JSON.stringify({ type: 'hello', ref: 1, name: `${mark} ${index}` }));
    connection.send(JSON.stringify({ type: 'join', ref: 2, room: 'lobby' }));
  });
  return connection;
}

const connections = [];
for (let index = 0; index < people; index += 1) connections.push(await enter(index));
const [author] = connections;
let written = 0;

function write() {
  if (written >= messages) return;
  written += 1;
  author?.send(
    JSON.stringify({ type: 'post', ref: 2 + written, room: 'lobby', text: `${mark} says ${written}` }),
  );
}

for (let index = 0; index < underWay; index += 1) write();
await all;
for (const connection of connections) connection.terminate();
console.log(JSON.stringify({ messages }));
