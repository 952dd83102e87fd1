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
});
