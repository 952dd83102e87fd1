import * as core from '@wireroom/websocket/core';
import { describe, expect, it } from 'vitest';
import * as engine from './index.ts';

describe('the public names', () => {
  it('of the package', () => {
    expect(Object.keys(engine).sort()).toEqual([
      'CLOSE_CODE',
      'DEFAULT_CLIENT_LIMITS',
      'DEFAULT_LIMITS',
      'OPCODE',
      'TAPPED_PAYLOAD_BYTES_MAX',
      'WIRE_ERRORS',
      'WebSocketServer',
      'WireError',
      'afterWrites',
      'connect',
      'describeCloseCode',
      'isSendableCloseCode',
      'lineFacts',
      'messages',
      'messagesInPieces',
      'opcodeName',
      'prepare',
      'prepareRun',
      'sendInPieces',
      'streams',
    ]);
  });

  it('of its core', () => {
    expect(Object.keys(core).sort()).toEqual([
      'CLOSE_CODE',
      'CLOSE_REASON_BYTES_MAX',
      'DEFLATE_NAME',
      'FrameParser',
      'HANDSHAKE_GUID',
      'HeadCollector',
      'HeaderMap',
      'InflationMeter',
      'Message',
      'MessageAssembler',
      'OPCODE',
      'RSV1',
      'UTF8_INVALID',
      'UTF8_START',
      'WIRE_ERRORS',
      'WireError',
      'acceptDeflate',
      'acceptSteps',
      'applyMask',
      'describeCloseCode',
      'encodeFrame',
      'isControlOpcode',
      'isDefinedOpcode',
      'isSendableCloseCode',
      'nextUtf8State',
      'opcodeName',
      'parseRequestHead',
      'parseResponseHead',
      'readClosePayload',
      'readDeflateAcceptance',
      'readExtensions',
      'readUpgradeRequest',
      'readUpgradeResponse',
      'rotateMaskKey',
      'writeClosePayload',
      'writeDeflateOffer',
      'writeExtension',
      'writeRefusal',
      'writeUpgradeRequest',
    ]);
  });
});
