// A client under test: the WebSocket that is built into Node from 22 on. Plain JavaScript: run it by the Node to be tested.
import { playAll, testerUrl } from './case-loop.mjs';

/**
 * @param {string} url
 * @returns {Promise<string>}
 */
const readOne = (url) =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.onmessage = ({ data }) => resolve(data);
    socket.onerror = reject;
  });

/**
 * @param {string} url
 * @returns {Promise<void>}
 */
const echo = (url) =>
  new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) => socket.send(data);
    socket.onclose = () => resolve();
  });

await playAll(testerUrl(), { readOne, echo });
