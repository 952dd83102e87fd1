// Our engine under test takes messages as large as the largest case; everything else is its default.
export const ENGINE_LIMITS = {
  messageBytesMax: 32 * 1024 * 1024,
  bufferedBytesMax: 64 * 1024 * 1024,
};
