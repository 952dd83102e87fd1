// Sets language and theme on <html> before the first paint. A classic, blocking script of its own, since the policy allows
// no inline one. src/theme/theme.ts and src/i18n/language.ts take over from here; the storage keys are theirs.
(() => {
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const root = document.documentElement;
  const choice = read('wireroom.theme');
  const isDark =
    choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.theme = isDark ? 'dark' : 'light';
  if (isDark) document.querySelector('meta[name="theme-color"]').content = '#14191b';
  const wanted = read('wireroom.language') ?? navigator.languages.join();
  const first = /zh|en/i.exec(wanted);
  root.lang = first !== null && first[0].toLowerCase() === 'zh' ? 'zh-CN' : 'en';
})();
