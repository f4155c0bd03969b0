/* Runs before the first paint. Puts the remembered theme on the root element; "system" leaves it to the browser. */
(() => {
  try {
    const theme = localStorage.getItem('candor.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {
    // Storage may be forbidden; the system's theme then applies.
  }
})();
