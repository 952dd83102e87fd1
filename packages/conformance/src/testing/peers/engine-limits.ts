// The ends under test take messages as large, and in as many fragments, as the largest case; all else is their default.
export const ENGINE_LIMITS = {
  messageBytesMax: 32 * 1024 * 1024,
  bufferedBytesMax: 64 * 1024 * 1024,
};

export const WS_LIMITS = {
  maxPayload: 32 * 1024 * 1024,
  maxFragments: 128 * 1024,
  maxBufferedChunks: 0,
};
