// Every computed property of every element of the page, the widget's own elements left out.
// Returns {path: {property: value}}; a path counts only what is not left out, so that pages with and without us compare.
const probe = window[Symbol.for("test.probe")];
const ours = new Set(probe.hosts());
const unseen = new Set(["SCRIPT", "STYLE", "LINK", "META", "TITLE", "BASE", "TEMPLATE", "NOSCRIPT"]);
const found = {};

const read = (element, pseudo) => {
  const style = getComputedStyle(element, pseudo);
  const values = {};
  for (const property of style) values[property] = style.getPropertyValue(property);
  return values;
};

const visit = (element, path) => {
  found[path] = read(element);
  const { x, y, width, height } = element.getBoundingClientRect();
  found[path]["(box)"] = [x + scrollX, y + scrollY, width, height].map((n) => n.toFixed(2)).join(" ");
  for (const pseudo of ["::before", "::after"]) {
    const content = getComputedStyle(element, pseudo).content;
    if (content !== "none" && content !== "normal") found[path + pseudo] = read(element, pseudo);
  }
  const seen = {};
  for (const child of element.children) {
    if (ours.has(child) || unseen.has(child.tagName)) continue;
    const name = child.localName + (child.id ? "#" + child.id : "");
    seen[name] = (seen[name] || 0) + 1;
    visit(child, path + " > " + name + (seen[name] > 1 ? ":" + seen[name] : ""));
  }
};

visit(document.documentElement, "html");
return found;
