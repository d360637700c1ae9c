/** Each would count a hit when it runs, or ask for an address when it is drawn. */
export const HOSTILE_NAMES = [
  '<script>hit()</script>',
  '<img src=x: onerror=hit()>',
  '"><svg onload=hit()>',
  `'-hit()-'`,
  '<a href="javascript:hit()">a</a>',
  '<image href="http://127.0.0.1:9/x"/>',
  '<style>@import "http://127.0.0.1:9/y"</style>',
  ']]><script>hit()</script>',
  '${hit()} &lt;script&gt; </title></style></textarea>',
];
