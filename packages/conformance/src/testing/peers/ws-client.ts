// A client under test: that of the package ws.
import WebSocket from 'ws';
import { play } from './ws-echo.ts';

await play(WebSocket);
