// At the host name of a LAN over plain http, where the browser has no Web Locks: two tabs, one outbox. What is tried: two-tabs.contract.ts.
import { describeTwoTabs } from './two-tabs.contract.ts';

describeTwoTabs({ host: 'chat.test', hasLocks: false });
