// Runs before any script of the page: notes when the prompt came into the document, the long tasks, and what was painted.
(() => {
  const seen = { nps: null, tasks: [], contentful: null, largest: null };
  Object.defineProperty(window, Symbol.for("bench.seen"), { value: seen });
  new MutationObserver((changes, observer) => {
    const is = (node) => node.localName === "waymark-prompt" || node.id === "nps";
    if (!changes.some(({ addedNodes }) => [...addedNodes].some(is))) return;
    seen.nps = performance.now();
    observer.disconnect();
  }).observe(document, { childList: true, subtree: true });
  const watch = (type, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  watch("longtask", ({ startTime, duration }) => seen.tasks.push([startTime, duration]));
  watch("paint", ({ name, startTime }) => {
    if (name === "first-contentful-paint") seen.contentful = startTime;
  });
  watch("largest-contentful-paint", ({ startTime }) => (seen.largest = startTime));
})();
