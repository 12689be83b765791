/*
 * Events that need no code: clicks, forms that are sent and elements that come into view get the names that the site's settings give
 * them. It stands behind the loader on pages of sites that have such events, and on no others.
 *
 * It only looks on. What it cannot read it leaves out, and nothing in here throws into the page.
 */
((named) => {
  // The loader has not begun on a page that is fetched in advance.
  window.waymark = window.waymark || function () {
    (waymark.q = waymark.q || []).push(arguments);
  };
  // The snippet twice: the first one looks on.
  if (window.waymarkNamed) return;
  window.waymarkNamed = 1;

  ['click', 'submit'].forEach((kind) => addEventListener(kind, ({ target }) => named.forEach(([of, selector, name]) => {
    try {
      if (of === kind && target.closest(selector)) waymark('track', name);
    } catch (_) { /* no selector, or no element */ }
  }), true));

  // Waits for those elements that are not there yet, and then for each to be seen once.
  let missing = named.filter(([of]) => of === 'visible');
  const find = () => {
    missing = missing.filter(([, selector, name]) => {
      try {
        const element = document.querySelector(selector);
        if (element) {
          new IntersectionObserver((entries, observer) => {
            if (entries.some((entry) => entry.isIntersecting)) {
              observer.disconnect();
              waymark('track', name);
            }
          }).observe(element);
        }
        return !element;
      } catch (_) { /* no selector */ }
    });
    return missing[0];
  };
  if (find()) new MutationObserver((_, observer) => find() || observer.disconnect()).observe(document, { childList: true, subtree: true });
})(__EVENTS__);
