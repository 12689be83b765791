import { useId } from 'react';
import { useSearchParams } from 'react-router';
import { track } from 'waymark-widget';

export function Plan() {
  const [search] = useSearchParams();
  const note = useId();
  const coupon = search.get('coupon') ?? '';
  return (
    <>
      <h1>Start your plan</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          track('Checkout Completed', { plan: search.get('plan') ?? 'team', coupon });
        }}
      >
        <label htmlFor="coupon">Coupon</label>
        <input id="coupon" name="coupon" defaultValue={coupon} aria-describedby={note} autoComplete="off" />
        <p id={note}>A code from us goes in here.</p>
        <button type="submit">Start the plan</button>
      </form>
    </>
  );
}
