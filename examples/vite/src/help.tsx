// The help centre: another page, another router, with its routes in the fragment (`#/billing`).

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createHashHistory, createRootRoute, createRoute, createRouter, Link, Outlet, RouterProvider } from '@tanstack/react-router';
import { Waymark } from './waymark';
import './style.css';

const root = createRootRoute({
  component: () => (
    <>
      <Waymark />
      <header>
        <a className="brand" href="/">Northwind Ledger</a>
        <nav aria-label="Help">
          <Link to="/">All topics</Link>
          <Link to="/billing">Billing</Link>
          <Link to="/banks">Banks</Link>
        </nav>
      </header>
      <main><Outlet /></main>
    </>
  ),
});

const routeTree = root.addChildren([
  createRoute({ getParentRoute: () => root, path: '/', component: () => <h1>How can we help?</h1> }),
  createRoute({ getParentRoute: () => root, path: '/billing', component: () => <h1>Billing</h1> }),
  createRoute({ getParentRoute: () => root, path: '/banks', component: () => <h1>Banks</h1> }),
]);

const router = createRouter({ routeTree, history: createHashHistory() });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <RouterProvider router={router} />
  </StrictMode>,
);
