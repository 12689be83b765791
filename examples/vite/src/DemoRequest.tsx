import { useState } from 'react';
import { useLocation } from 'react-router';
import { track } from 'waymark-widget';

export function DemoRequest() {
  const [asked, setAsked] = useState(false);
  const { pathname } = useLocation();
  const ask = () => {
    track('Demo Requested', { page: pathname });
    setAsked(true);
  };
  return (
    <p>
      <button type="button" data-demo-request onClick={ask}>Request a demo</button>{' '}
      <span role="status">{asked && 'Thank you. We write within a day to find a time.'}</span>
    </p>
  );
}
