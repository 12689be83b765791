/*
 * What the types let a page say, and what not. Never run: `tsc` reads it in the tests, and a line marked as wrong that is not wrong fails.
 */
import { close, consent, debug, group, identify, init, language, on, page, reset, show, track, type Told } from './index.js';

init({ address: 'https://ask.example.com', key: 'wk_1' });
init({ address: 'https://ask.example.com', key: 'wk_1', path: '/m', nonce: 'r4nd0m' });
// @ts-expect-error nowhere to load from
init({ key: 'wk_1' });
// @ts-expect-error no such option
init({ address: 'https://ask.example.com', key: 'wk_1', sitekey: 'wk_1' });

identify('user-17');
identify(17, { plan: 'free', seats: 3, trial: true, company: null, nickname: undefined }, { token: 'signed' });
// @ts-expect-error a person has an id
identify({ plan: 'free' });
// @ts-expect-error a trait is one value
identify('user-17', { tags: ['a', 'b'] });
// @ts-expect-error the proof is an object with a token
identify('user-17', {}, 'signed');

group('acme', { name: 'Acme' });
// @ts-expect-error a company has an id
group();

track('Invoice Sent');
track('Invoice Sent', { amount: 12.5, lines: [{ text: 'Design' }] });
// @ts-expect-error an event has a name
track({ name: 'Invoice Sent' });
// @ts-expect-error what is said of it has names
track('Invoice Sent', 12.5);

page();
show('nps');
close();
reset();
debug();
// @ts-expect-error which one
show();

language('pt-BR');
language();
// @ts-expect-error one
language(['de']);

consent({ store: false });
consent({ store: null, profile: null });
// @ts-expect-error yes or no
consent({ store: 'denied' });
// @ts-expect-error no such consent
consent({ analytics: true });

const deaf: () => void = on('answered', (told) => {
  const score: number | undefined = told.props.score;
  const prompt: string = told.prompt;
  // @ts-expect-error answers have no reason
  told.reason;
  return [score, prompt];
});
deaf();
on('shown', ({ props }) => props.interrupts && props.version.length);
on('failed', (told) => told.reason.length);
on('unreadable', ({ count }) => count.toFixed());
// @ts-expect-error a failure is of no prompt
on('failed', (told) => told.prompt);
// @ts-expect-error nothing of this name happens
on('open', () => {});

/** One by one, and the compiler knows when all are there. */
export function words(told: Told): string {
  switch (told.action) {
    case 'failed':
      return told.reason;
    case 'unreadable':
      return `${told.count} too new`;
    case 'clicked':
      return `${told.prompt}: ${told.props.link ?? told.props.copied ?? told.props.task}`;
    case 'eligible':
    case 'shown':
    case 'viewed':
    case 'dismissed':
    case 'snoozed':
    case 'declined':
    case 'muted':
    case 'answered':
    case 'converted':
      return `${told.prompt} ${told.action}`;
    default: {
      const none: never = told;
      return none;
    }
  }
}
