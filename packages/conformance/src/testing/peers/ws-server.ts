// A server under test: that of the package ws.
import { WebSocketServer } from 'ws';
import { serve } from './ws-echo.ts';

serve(WebSocketServer);
