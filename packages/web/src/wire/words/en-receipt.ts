// The inspector's words in English: the receipt of a message.

export const enReceipt = {
  'lane.browser': 'your browser',
  'lane.server': 'server',
  'phase.browser': 'your browser',
  'phase.network': 'on the way',
  'phase.server': 'server',
  'phase.disk': 'onto the disk',

  'receipt.choose': 'Click on a message in the chat to see the way that it took.',
  'receipt.what':
    'A receipt shows every station of a message with its time: from the key that you pressed over the bytes, the frame, the disk and every reader to the line on your screen.',
  'receipt.waiting': 'Asking the server…',
  'receipt.none':
    'Nothing is kept of this message. Receipts are there for the last minutes, and for what was said since this connection began to be recorded. Write a line and click on it.',
  'receipt.edited': 'This is its text now. The one that went this way was edited since.',
  'receipt.deleted': 'Its text was deleted since.',
  'receipt.is.edit': 'No message of its own: it edits message',
  'receipt.is.delete': 'No message of its own: it deletes message',
  'receipt.is.react': 'No message of its own: it adds a reaction to message',
  'receipt.is.unreact': 'No message of its own: it takes a reaction back from message',
  'receipt.is.rename': 'No message: it gives the room another title.',
  'receipt.is.topic': 'No message: it sets the topic of the room.',
  'receipt.since': 'Changed since, each with a receipt of its own:',
  'receipt.since.edit': 'edit',
  'receipt.since.delete': 'deletion',
  'receipt.since.react': 'reaction',
  'receipt.since.unreact': 'reaction taken back',
  'receipt.since.rename': 'title',
  'receipt.since.topic': 'topic',
  'receipt.total': 'from the first station to the last',
  'receipt.toFrame': 'its frame',
  'receipt.about': 'about {{time}}, ± {{uncertainty}}',
  'receipt.buffered': '{{size}} waited in the browser to be sent then, this message among them.',
  'receipt.batch': 'Together with {{count}} other messages in one commit.',
  'receipt.batch_one': 'Together with one other message in one commit.',
  'receipt.readers': 'Readers',
  'receipt.someone': 'somebody',
  'receipt.waits': '{{size}} waiting',
  'receipt.behind': 'Too slow to be pushed to: reads the log by itself, at its own pace. Nothing is lost.',
  'receipt.clock':
    'Two machines, two clocks: yours differs from the server’s by {{offset}}, known to within ± {{uncertainty}}. The browser’s times are shown on the server’s clock, so only the two dashed pieces are uncertain by that much.',

  'step.composed': 'Written',
  'step.composed.about':
    'You pressed Enter, or a button. What you wrote or changed is in the outbox, where a reload or a cut does not lose it.',
  'step.sent': 'Handed to the browser',
  'step.sent.about':
    'The page called send(). The browser wraps the text into a frame, masks it, and gives the bytes to TCP.',
  'step.read': 'First bytes read',
  'step.read.about':
    'The server’s socket had bytes to read. They are a piece of a stream; where the frame ends is not known yet.',
  'step.frame': 'Frame complete',
  'step.frame.about':
    'The last byte of the frame has come. A frame may need several reads, and a read may hold several frames.',
  'step.decoded': 'Understood',
  'step.decoded.about':
    'The mask is off, the text is UTF-8 and JSON, and it is a command that the server knows.',
  'step.admitted': 'Admitted',
  'step.admitted.about':
    'Who writes, whether they may, and how fast they write has been looked at. It is on its way to the log.',
  'step.batched': 'In a transaction',
  'step.batched.about':
    'The database thread has begun a transaction. Messages that come at the same time ride together.',
  'step.committed': 'Safe on disk',
  'step.committed.about':
    'The commit is on the disk, and the entry has its number. From here on the machine may lose its power: the entry stays.',
  'step.stored': 'Known to the server',
  'step.stored.about': 'The thread that serves sockets has heard of the commit. It never waits for the disk.',
  'step.published': 'Announced',
  'step.published.about':
    'A hint says that the log has grown. The hint may get lost: readers find out by themselves, too.',
  'step.delivered': 'Delivered',
  'step.delivered.about':
    'A frame was queued for every reader. The author is one of them: what is one’s own comes back like everybody’s.',
  'step.acknowledged': 'Acknowledged to the author',
  'step.acknowledged.about':
    'The answer to the command: stored, with this number. It leaves after the commit, never before.',
  'step.written': 'Entry frame given to TCP',
  'step.written.about': 'The frame with the entry was written to your connection’s socket.',
  'step.heard': 'Heard by the page',
  'step.heard.about': 'The browser had the whole message and fired its message event.',
  'step.entered': 'Taken in',
  'step.entered.about':
    'The page has checked that it is the next entry, without a hole and without a repeat.',
  'step.painted': 'On your screen',
  'step.painted.about':
    'The line was painted. A screen shows a new picture every 16 ms or so; most of this time is waiting for the next.',
} as const;
