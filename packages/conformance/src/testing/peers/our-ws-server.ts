// A server under test: our engine behind the API of ws.
import { WebSocketServer } from '@wireroom/websocket/ws';
import { serve } from './ws-echo.ts';

serve(WebSocketServer as never);
