// Runs before any script of each document. It watches; it changes nothing that a page can notice.
// The roots of closed shadow trees are remembered, not opened: a test reads them and can still see that they were closed.
(() => {
  const probe = { roots: new Map(), shifts: [], errors: [], violations: [] };
  Object.defineProperty(window, Symbol.for("test.probe"), { value: probe });

  const attachShadow = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) {
    const root = attachShadow.call(this, init);
    probe.roots.set(this, { root, mode: init.mode });
    return root;
  };

  const observer = new PerformanceObserver((list) => probe.seen(list.getEntries()));
  probe.seen = (entries) => {
    for (const entry of entries) {
      probe.shifts.push({
        value: entry.value,
        after_input: entry.hadRecentInput,
        moved: entry.sources.map(({ node, previousRect: was, currentRect: is }) =>
          `${node ? node.nodeName.toLowerCase() + (node.id ? "#" + node.id : "") : "gone"} ${[was, is].map(({ x, y, width, height }) => [x, y, width, height].join(" ")).join(" -> ")}`),
      });
    }
  };
  probe.flush = () => probe.seen(observer.takeRecords());
  observer.observe({ type: "layout-shift", buffered: true });

  addEventListener("error", (event) => probe.errors.push(String(event.message || event.type)));
  addEventListener("unhandledrejection", (event) => probe.errors.push("unhandled: " + String(event.reason)));

  addEventListener("securitypolicyviolation", (event) => probe.violations.push(`${event.effectiveDirective} ${event.blockedURI}`));

  // The widget's own elements of a kind: connected hosts of closed roots.
  probe.hosts = (kind = "waymark-prompt") =>
    [...probe.roots].filter(([host, { mode }]) => mode === "closed" && host.isConnected && host.localName === kind).map(([host]) => host);
})();
