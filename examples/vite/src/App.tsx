// The application: its frame, its routes. Nothing here tells Waymark of a route; it notices by itself.

import { useState } from 'react';
import { Link, NavLink, Route, Routes } from 'react-router';
import { Account } from './Account';
import { Plan } from './Plan';
import { DemoRequest } from './DemoRequest';
import { useUser } from './session';
import { usePrompts, Waymark } from './waymark';
import './style.css';

export function App() {
  const user = useUser();
  return (
    <>
      <Waymark />
      <header>
        <Link className="brand" to="/">Northwind Ledger</Link>
        <nav aria-label="Main">
          <NavLink to="/pricing">Pricing</NavLink>
          <NavLink to="/docs">Docs</NavLink>
          <NavLink to="/account">{user ? 'Account' : 'Sign up'}</NavLink>
        </nav>
      </header>
      <main>
        <Routes>
          <Route path="/" element={<Home />} />
          <Route path="/pricing" element={<Pricing />} />
          <Route path="/plan" element={<Plan />} />
          <Route path="/docs" element={<Docs />} />
          <Route path="/account" element={<Account />} />
          <Route path="*" element={<h1>There is no such page</h1>} />
        </Routes>
      </main>
      <footer>
        <a href="/help.html">Help</a>
        <Answered />
      </footer>
    </>
  );
}

function Home() {
  return (
    <>
      <h1>Invoices that get paid</h1>
      <p className="lead">Write an invoice in a minute, see when your customer opens it, and let polite reminders do the asking.</p>
      <DemoRequest />
    </>
  );
}

function Pricing() {
  return (
    <>
      <h1>Pay for the team you are</h1>
      <ul className="plans">
        <li><h2>Solo</h2><p>$0, for good</p><Link to="/account">Start free</Link></li>
        <li><h2>Team</h2><p>$24 a month</p><Link to="/plan?plan=team">Choose Team</Link></li>
      </ul>
      <DemoRequest />
    </>
  );
}

function Docs() {
  return (
    <>
      <h1>How it works</h1>
      <p className="lead">Connect your bank once. Payments find their invoices overnight.</p>
    </>
  );
}

/** Thanks whoever has answered a prompt. */
function Answered() {
  const [score, setScore] = useState<number>();
  usePrompts('answered', ({ props }) => setScore(props.score));
  return <p role="status">{score !== undefined && `You gave us a ${score}.`}</p>;
}
