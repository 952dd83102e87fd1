// A client under test: our engine behind the API of ws.
import { WebSocket } from '@wireroom/websocket/ws';
import { play } from './ws-echo.ts';

await play(WebSocket as never);
