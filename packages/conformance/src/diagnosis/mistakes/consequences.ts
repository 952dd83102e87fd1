// What follows from a mistake after which no frame can be understood. Shared by the lists of mistakes.
export const ALL_FRAMES = [
  ...['layer:reading', 'layer:writing', 'layer:messages', 'layer:control', 'layer:closing', 'layer:deflate'],
  ...[
    'no-masking-check',
    'rsv-accepted',
    'reserved-opcode-accepted',
    'fragment-order-unchecked',
    'utf8-unchecked',
  ],
  ...['message-limit-missing', 'deflate-agreed-not-used'],
] as const;
