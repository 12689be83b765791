// A router in a page of code: history addresses (./, pricing, docs) and one hash address (#/help).
// Nothing in here tells Waymark about a navigation; it notices by itself. That is what this example is for.

window.waymark = window.waymark || function () { (waymark.q = waymark.q || []).push(arguments); };

const base = new URL('.', document.currentScript.src).pathname;

const ROUTES = {
  home: ['Home', 'A single-page app: the document stays, and the address changes.'],
  pricing: ['Pricing', 'One plan, nine dollars a month, as many tide tables as you can read.'],
  docs: ['Docs', 'Tide tables come as lists, and every list can be subscribed to.'],
  help: ['Help', 'This route lives in the hash: the path did not change.'],
};

let count = 0;

// The route that an address names. What is not known is home.
function route() {
  const name = location.hash.startsWith('#/') ? location.hash.slice(2) : location.pathname.slice(base.length);
  return Object.hasOwn(ROUTES, name) ? name : 'home';
}

function paint() {
  const name = route();
  const [title, text] = ROUTES[name];
  const write = (selector, value) => { document.querySelector(selector).textContent = value; };
  document.title = `${title}: Tideline`;
  write('h1', title);
  write('#text', text);
  write('#route', name);
  write('#address', location.pathname + location.search + location.hash);
  write('#count', String(count));
  for (const link of document.querySelectorAll('[data-route]')) {
    if (link.dataset.route === name) link.setAttribute('aria-current', 'page'); else link.removeAttribute('aria-current');
  }
}

function moved() {
  count += 1;
  paint();
}

document.addEventListener('DOMContentLoaded', () => {
  paint();
  addEventListener('popstate', moved);

  document.querySelector('nav').addEventListener('click', (event) => {
    const link = event.target.closest('a');
    // A new tab, a new window and the hash route are the browser's business.
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || link.dataset.route === 'help') return;
    event.preventDefault();
    history.pushState(null, '', link.dataset.route === 'home' ? base : base + link.dataset.route);
    moved();
    document.querySelector('h1').focus();
  });

  document.querySelector('#replace').addEventListener('click', () => {
    history.replaceState(null, '', `?sort=${count + 1}`);
    moved();
  });

  document.querySelector('#track').addEventListener('click', () => waymark('track', 'Demo Requested', { page: location.pathname }));
});
