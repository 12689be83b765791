// The same application as a server renders it. There the package does nothing.

import { StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { StaticRouter } from 'react-router';
import { App } from './App';

/** The HTML of a page, by its address below the origin. */
export function render(address: string): string {
  return renderToString(
    <StrictMode>
      <StaticRouter location={address}>
        <App />
      </StaticRouter>
    </StrictMode>,
  );
}
