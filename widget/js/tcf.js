/*
 * Follows a consent banner of IAB Europe's Transparency and Consent Framework, version 2, by its `__tcfapi`. It stands before the loader
 * on sites that want it so, and on no others.
 *
 * Purpose 1 is to store; purposes 5 and 6 are to make and use profiles for content. Until the visitor has chosen, or the framework says
 * that it does not apply to them, nothing is agreed to. A banner that comes late is asked when the page has been read, and some
 * seconds later.
 */
(() => {
  const say = (store, profile) => waymark('consent', { store, profile });

  const ask = () => {
    if (!window.__tcfapi) return false;
    __tcfapi('addEventListener', 2, (data, success) => {
      const applies = data?.gdprApplies !== false;
      if (!success || applies && data.eventStatus === 'cmpuishown') return;
      const agrees = (...purposes) => !applies || purposes.every((purpose) => data.purpose?.consents?.[purpose] === true);
      say(agrees(1), agrees(1, 5, 6));
    });
    return true;
  };

  // The snippet twice: the first one follows.
  if (window.waymark?.live) return;
  window.waymark = window.waymark || function () {
    (waymark.q = waymark.q || []).push(arguments);
  };
  say(null, null);
  let asked = ask();
  const retry = () => asked = asked || ask();
  if (asked) return;
  ['DOMContentLoaded', 'load'].forEach((kind) => addEventListener(kind, retry));
  [1, 3, 9].forEach((seconds) => setTimeout(retry, seconds * 1e3));
})();
