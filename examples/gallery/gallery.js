// A button for each prompt. Which there are is said here and in `prompts/`, whose files are named as they are.
(() => {
  const PROMPTS = {
    nps: 'NPS', survey: 'Survey', form: 'Form', review: 'Review', community: 'Community', offer: 'Offer',
    countdown: 'Offer, counted down', plans: 'Offer, plans', announcement: 'Announcement', tip: 'Feature tip',
    renewal: 'Renewal', help: 'Help', booking: 'Booking', beta: 'Beta invitation', launch: 'Launch', webinar: 'Webinar',
    notice: 'Notice', video: 'Video', share: 'Share', referral: 'Referral', checklist: 'Checklist', walkthrough: 'Walkthrough',
  };

  window.waymark = window.waymark || function () { (window.waymark.q = window.waymark.q || []).push(arguments); };
  // Only a person has a referral link, and tasks that are done.
  window.waymark('identify', 'u_gallery', { name: 'Ada' });
  window.waymark('track', 'Company Filled In');

  document.addEventListener('DOMContentLoaded', () => {
    const look = document.querySelector('#look');
    const list = document.querySelector('#prompts');

    for (const [key, name] of Object.entries(PROMPTS)) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = name;
      button.addEventListener('click', () => {
        const place = look.place.value;
        // One at a time: what is open goes first.
        window.waymark('close');
        window.waymark('show', place ? `${key}_${place}` : key);
      });
      const item = document.createElement('li');
      item.append(button);
      list.append(item);
    }

    // The prompt follows the page. An address may say how the page looks: ?scheme=dark&dir=rtl&place=modal.
    const dress = () => {
      document.documentElement.dataset.scheme = look.scheme.value;
      document.documentElement.dataset.font = look.font.value;
      document.documentElement.dir = look.dir.value;
    };
    new URLSearchParams(location.search).forEach((value, name) => {
      if (look[name]) look[name].value = value;
    });
    look.addEventListener('change', dress);
    look.addEventListener('submit', (event) => event.preventDefault());
    dress();
  });
})();
