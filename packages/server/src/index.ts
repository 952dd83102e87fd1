// The server package: what the command line and the tests start.
export { type App, type AppContext, startApp } from './app.ts';
export { backupDatabase } from './backup.ts';
export { type Config, ConfigError, readConfig } from './config.ts';
export {
  type ImportedEntry,
  type ImportLog,
  ImportRefused,
  type OpenImportLog,
  openImportLog,
  type RoomImport,
} from './import.ts';
export { serve } from './main.ts';
export { renewEpochs, restoreDatabase } from './restore.ts';
export { isSound, type RoomVerdict, type Verdict, verifyDatabase } from './verify.ts';
