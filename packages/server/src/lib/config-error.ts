// The error of whoever starts the server, not of the program: a sentence says what cannot be used and what would do.

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
