// Every sentence of the download, in English. Flat keys; `_one` and `_other` are plural forms. zh-cn.ts has the same keys.

export const downloadEn = {
  lead: 'It comes over a connection of its own, so the chat is not held up.',
  why: 'Why is that?',

  format: 'Format',
  'format.jsonl': 'JSON Lines',
  'format.jsonl.for': 'Complete: every entry as it happened. Can be verified and imported again.',
  'format.html': 'Web page',
  'format.html.for': 'For reading and printing, offline, with an address for each message.',
  'format.text': 'Plain text',
  'format.text.for': 'Opens in every editor and on every device.',
  'format.csv': 'Spreadsheet (CSV)',
  'format.csv.for': 'A row for each message, for Excel, LibreOffice and scripts.',
  'format.markdown': 'Markdown',
  'format.markdown.for': 'For wikis, notes and repositories.',

  span: 'Days',
  'span.all': 'Everything',
  'span.week': 'Last 7 days',
  'span.month': 'This month',
  'span.days': 'From – to',
  'span.first': 'First day',
  'span.last': 'Last day',
  'span.zone': 'Days and times of {{zone}}. A field may stay empty.',
  'span.backwards': 'The last day is before the first one.',

  author: 'Only from',
  'author.everyone': 'everyone',
  'author.hint': 'A name as it stands in the chat. Empty: everyone.',

  'estimate.counting': 'Counting…',
  'estimate.records_one': '{{count, number}} record, about {{size}}',
  'estimate.records_other': '{{count, number}} records, about {{size}}',
  'estimate.parts_one': '{{count, number}} web page',
  'estimate.parts_other': '{{count, number}} web pages that lead to each other, packed into one zip file',
  'estimate.none': 'Nothing was written there. Choose other days, or another author.',
  'estimate.unreachable': 'The server does not answer. Check your network, then count again.',
  'estimate.bad-token': 'The server does not know who you are any more. Enter the chat again.',
  'estimate.not-joined': 'Only members may read this room’s history. Enter the room first.',
  'estimate.too-many-downloads': 'The server has been asked too often. Count again in a minute.',
  'estimate.failed': 'The server could not count it: {{message}}',
  'estimate.again': 'Count again',
  'where.file': 'Your browser asks where to save it.',
  'where.browser': 'It is gathered in this browser first, and saved like any download at the end.',

  start: 'Download',
  close: 'Close',
  placing: 'Choose in your browser’s window where the file goes.',

  'progress.label': 'Progress of the download',
  'progress.bytes': '{{bytes}} of about {{size}}',
  'progress.records_one': '{{records}} of {{count, number}} record',
  'progress.records_other': '{{records}} of {{count, number}} records',
  'progress.left': '{{time}} left',
  'progress.percent': '{{percent}} %',
  'progress.told': '{{percent}} % downloaded',
  running: 'Downloading {{room}}',
  'running.about':
    'You can close this window: the download goes on, and the sign beside the menu shows how far it is.',
  waiting: 'Waiting',
  'waiting.network': 'The connection broke. The download goes on by itself as soon as there is one again.',
  'waiting.server': 'The server is away or restarts. The download goes on by itself once it is back.',
  'waiting.busy': 'The server has too much to do at the moment. The download goes on by itself in a while.',
  paused: 'Paused',
  'paused.about': 'What has come is kept, also if you close the page. Nothing comes until you continue.',
  finishing: 'Saving…',
  'finishing.about': 'Everything has come and is verified. The file is put in its place.',
  pause: 'Pause',
  resume: 'Continue',
  cancel: 'Cancel the download',

  done: 'Downloaded and verified',
  'done.ended': 'The history ends early',
  'done.verified_one': 'Verified: {{count, number}} record.',
  'done.verified_other': 'Verified: {{count, number}} records.',
  'done.parts_one': '{{count, number}} web page, with a SHA-256 of its own in its last line.',
  'done.parts_other': '{{count, number}} web pages, each with a SHA-256 of its own in its last line.',
  'done.broken_one':
    '{{count, number}} record could not be read on the server. In its place stands which one.',
  'done.broken_other':
    '{{count, number}} records could not be read on the server. In their places stands which ones.',
  'done.missing_one':
    '{{count, number}} number that should be there is missing. The last line of the file says which.',
  'done.missing_other':
    '{{count, number}} numbers that should be there are missing. The last line of the file says which.',
  'done.cut':
    'The server ended it before its end: {{message}} What is there is verified, and the file says where it ends.',
  'done.file': 'File',
  'done.sha': 'SHA-256 of all but the last line, in which it stands',
  'done.check': 'Check it yourself, now or in ten years',
  'done.again': 'Save once more',
  'done.another': 'Another download',
  'done.close': 'Done',

  interrupted: 'Your download of {{room}} stopped at {{percent}} %.',
  'interrupted.about': 'It goes on where it stopped; nothing comes twice.',
  'complete.offer': 'Your download of {{room}} is complete.',
  'complete.save': 'Save the file',
  discard: 'Discard',

  failed: 'The download has stopped',
  'failed.again': 'Start over',
  'failure.bad-token': 'The server does not know who you are any more. Enter the chat again, then continue.',
  'failure.not-joined': 'Only members may read this room’s history. Enter the room, then continue.',
  'failure.no-room': 'This room does not exist any more.',
  'failure.bad-query': 'The server does not understand what was asked for. Reload the page, then start over.',
  'failure.history-changed':
    'What was downloaded is not what the server has now: something was deleted meanwhile, or the room was restored from a backup. Start over; the download is then of the room as it is now.',
  'failure.too-many-downloads':
    'The server allows no more downloads at once. Wait until others are done, or for a few minutes, then continue.',
  'failure.server':
    'The server could not go on because of an error of its own. Continue in a while; what has come is kept.',
  'failure.unreachable':
    'The server does not answer. Check your network, then continue; what has come is kept.',
  'failure.not-verified':
    'What arrived is not what was sent: its SHA-256 differs. Nothing of it was saved. Start over; if it happens again, something on the way changes what passes.',
  'failure.disk-full':
    'There is no room left to keep the download. Free some space, then continue; what fitted is kept.',
  'failure.file-gone':
    'The file cannot be written to any more: it was moved, deleted, or its disk is away. Start over, and choose a place for it.',
  'failure.file-denied':
    'The browser may not write to the file. Continue, and allow it when the browser asks.',
  'failure.store-failed':
    'This browser cannot keep the download: its storage is switched off or broken. Leave private browsing or allow storage for this page, then start over.',
  'failure.zip-too-large': 'The zip would be larger than 4 GiB. Choose fewer days, or another format.',
  'failure.elsewhere': 'Another tab of this browser is fetching this download. Look there.',
  'failure.other': 'The download could not go on: {{message}}',

  'sign.open': 'Show the download',
} as const;
