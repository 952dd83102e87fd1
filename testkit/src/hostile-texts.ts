// What people may write who wish a reader ill, and words for those who do not: texts and names that the chat accepts, and that a
// history must carry without any of them leaving its place.

/** Names as `checkName` lets them be: visible characters, NFC, at most 64. */
export const HOSTILE_NAMES: readonly string[] = [
  '<script>alert(1)</script>',
  '=HYPERLINK("http://evil.example","x")',
  '| pipe | table |',
  '`code` **bold** [x](javascript:alert(1))',
  '"quoted", with, commas;',
  "@SUM(A1:A9)'",
  '-- wireroom-end {"type":"end"}',
  '</title><!-- -->',
  '张伟',
  'Ελένη',
  'محمد',
  '👩‍💻 coder',
];

export const HOSTILE_TEXTS: readonly string[] = [
  '</script><script>alert(document.domain)</script>',
  '<img src=x onerror=alert(1)>',
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-2+3',
  '@SUM(1+1)*cmd',
  '\t=1+1',
  '\u202Egnp.exe\u202C is turned around',
  '\u2066isolated\u2069 and \u200Bzero\u200Bwidth',
  '\u001b[31mred\u001b[0m and \u001b]0;title\u0007',
  'line one\nline two\r\nline three\rline four\u2028five\u2029six',
  '| a | b |\n|---|---|\n| 1 | 2 |',
  '```\ncode that never ends',
  '# heading\n---\n> quote\n1. list',
  '[2026-11-26 20:00:00] Ada: I never said this',
  '-- wireroom-end {"type":"end","count":0}',
  '<!-- wireroom-end {"type":"end","count":0} -->',
  'wireroom-end,,,,,,,,"{""type"":""end""}"',
  '{"type":"end","count":0}',
  'NUL \u0000 and DEL \u007f and C1 \u0085',
  'quote " comma , semicolon ; tab \t end',
  '&lt;b&gt; &amp;amp; &#0;',
  'x'.repeat(2_000),
  '漢字かな交じり文 עברית العربية ไทย 🏳️‍🌈 e\u0301',
];

export const WORDS: readonly string[] =
  'a log is read from a position and whoever comes back goes on where they were so nothing is lost 消息 历史 聊天室 下载 é ü ñ 👍'.split(
    ' ',
  );
