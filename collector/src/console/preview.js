/*
 * Shows one prompt with the widget itself: what the loader is on a site's page, but nothing is remembered and nothing is sent.
 */
(() => {
  const { at, bundle, key } = document.currentScript.dataset;
  const kept = {};
  const page = { url: location.href, since: Date.now(), heard: [], show: key };
  const id = () => crypto.randomUUID();
  const who = { visitor: id(), device: id(), session: { id: id(), since: Date.now(), visits: 1, pages: 1, said: {} } };

  // Prompts take the focus, also from the page around this one, where somebody is writing. Here they move it only while it is here; a
  // dialog that is inert while it opens gets none.
  const { focus } = HTMLElement.prototype;
  HTMLElement.prototype.focus = function (how) {
    if (document.hasFocus()) focus.call(this, how);
  };
  const { showModal } = HTMLDialogElement.prototype;
  HTMLDialogElement.prototype.showModal = function () {
    this.inert = !document.hasFocus();
    showModal.call(this);
    this.inert = false;
  };

  const fetched = (at) => Promise.all([import(at + '.js'), fetch(at + '.wasm')])
    .then(([made, code]) => made.default(host, code));

  const host = {
    record: () => {},
    guard: (run) => run,
    id,
    state: () => who,
    given: {},
    entries: () => [],
    heard: () => [],
    keep: (name, value) => { kept[name] = value; },
    kept: (name) => kept[name],
    load: (at, done) => fetched(at).then(done),
    tell: () => {},
    claim: (granted) => granted(),
    release: () => {},
  };

  Promise.all([fetched(at), fetch(bundle).then((answer) => answer.json())])
    .then(([made, { facts, prompts }]) => made.visit(facts, prompts, page));
})();
