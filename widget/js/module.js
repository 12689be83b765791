/*
 * What stands before the module that shows prompts, on its way from the loader: what no page needs before there is something to show.
 */
import { start as begin, visit as open, leave as go } from './waymark.js';
import { listen, publish } from './layer.js';

let host, due;

// One tab at a time: a lock where the browser has locks and the page is served securely, else the last mark counts, given a moment to be
// seen by the other tabs. Where nothing may be kept there is no mark. Given back not at once: what this tab wrote is to be seen by the
// next one.
const claim = (granted) => {
  const name = 'waymark.' + host.key;
  if (navigator.locks) {
    const held = () => new Promise((done) => granted(() => setTimeout(done, 500)));
    navigator.locks.request(name, held).catch(() => granted(() => {}));
    return;
  }
  const own = host.id();
  const place = name + '.turn';
  const read = () => {
    try {
      return localStorage[place] || own;
    } catch {
      return own;
    }
  };
  try {
    if (host.given.store) localStorage[place] = own;
  } catch { /* blocked or full */ }
  setTimeout(host.guard(() => (read() === own ? granted(() => {}) : setTimeout(claim, 150, granted))), 150);
};

export const start = (loader) => {
  host = loader;
  const { given } = host;
  let release = () => {};
  // A preview is nobody's visit: it takes no turn from one, and waits for none.
  host.claim = (granted) => (host.debug ? granted() : claim((free) => granted(release = free)));
  host.release = () => release();
  host.gone = () => {
    release();
    document.querySelectorAll('waymark-prompt').forEach((prompt) => prompt.remove());
  };
  // To give an answer is an agreement, unless the page says otherwise.
  if (!('answer' in given)) given.answer = true;
  // Global Privacy Control is a no to each site, whatever this one was told.
  if (navigator.globalPrivacyControl) {
    Object.defineProperty(given, 'profile', { get: () => false, set() {}, enumerable: true });
  }
  // A page may change its language while it is open: what is said in it is asked for as on another page.
  const again = host.guard(() => host.record({ type: 'page' }));
  new MutationObserver(again).observe(document.documentElement, { attributeFilter: ['lang'] });
  listen(host);
  begin(host);
};

export const visit = (facts, bundle, page) => {
  publish(bundle);
  host.language = bundle.language;
  host.speak = (skin, ground) => {
    skin.lang = bundle.language;
    skin.dir = bundle.rtl ? 'rtl' : getComputedStyle(ground).direction;
  };
  host.own = (english) => bundle.words?.[english] || english;
  clearTimeout(due);
  const run = host.guard(() => open(facts, bundle, page));
  // A visitor's word may be about to come, and who they are with it. Not for long: many never say anything.
  if (host.given.store === null) due = setTimeout(run, 2e3);
  else run();
};

export const leave = (page) => {
  clearTimeout(due);
  go(page);
};
