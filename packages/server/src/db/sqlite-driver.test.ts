// Every driver that loads here, and what is said where none does.
import { describe, expect, it } from 'vitest';
import { loadDriver } from './sqlite.ts';
import { driversHere, registerDriverContract } from './sqlite-driver.contract.ts';

for (const driver of driversHere()) registerDriverContract(driver);

describe('choosing a driver', () => {
  it("[D4] takes the runtime's own SQLite where there is one", () => {
    const hasOwn = process.getBuiltinModule('node:sqlite') !== undefined;
    expect(loadDriver().name).toBe(hasOwn ? 'node:sqlite' : 'better-sqlite3');
  });

  it('[D4] takes the add-on where the runtime has none, and says what to do where that does not load either', () => {
    const [driver] = driversHere();
    if (driver === undefined) throw new Error('no driver loads here');
    expect(loadDriver({ builtIn: () => undefined, addOn: () => driver })).toBe(driver);
    const addOn = (): never => {
      throw new Error('compiled for another Node');
    };
    expect(() => loadDriver({ builtIn: () => undefined, addOn })).toThrow(
      expect.objectContaining({
        code: 'no-driver',
        message: expect.stringContaining('npm rebuild better-sqlite3'),
      }),
    );
  });
});
