// At localhost, where the browser has Web Locks: two tabs, one outbox. What is tried: two-tabs.contract.ts.
import { describeTwoTabs } from './two-tabs.contract.ts';

describeTwoTabs({ host: 'localhost', hasLocks: true });
