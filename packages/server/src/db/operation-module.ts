// Where a module of operations lies that the database thread is to load: threads share no code, so they name it by URL.

/** The module beside the one that asks (`from` is its `import.meta.url`): `.ts` in source, `.js` in dist. */
export function moduleBeside(name: string, from: string): URL {
  return new URL(from.endsWith('.ts') ? `${name}.ts` : `${name}.js`, from);
}
