// The server package: what the command line and the tests start.
export { type App, type AppContext, startApp } from './app.ts';
export { type Config, ConfigError, readConfig } from './config.ts';
export { serve } from './main.ts';
