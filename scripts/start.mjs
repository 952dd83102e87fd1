// `npm start`: the door. It only lets launch.mjs in once the Node is known to be new enough to read it.
import './preflight.mjs';

import('./launch.mjs').catch((error) => {
  console.error(error);
  process.exit(1);
});
